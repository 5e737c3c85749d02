import { existsSync } from "node:fs";
import path from "node:path";
import { run, ToolError } from "./run.mjs";

// First the one without windows: it takes half of the processor time.
const SYSTEM_BROWSERS = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];
const DOWNLOAD_WITHIN_MS = 180_000;
const ANSWER_WITHIN_MS = 30_000;
const APT_BROWSERS = ["chromium-headless-shell", "chromium"];
const APT_FONTS = "fonts-liberation";

/** A Chromium that runs here: one that is there, or one that is fetched. Returns its path. */
export async function findBrowser(root, progress) {
  const given = process.env.PW_CHROMIUM;
  if (given) {
    if (await answers(given)) return given;
    throw new ToolError(`PW_CHROMIUM names ${given}, which doesn't run.`);
  }
  const present = await presentBrowser();
  if (present !== undefined) return present;
  return progress.step("Browser (fetched once)", () => fetchBrowser(root), { slow: true });
}

async function presentBrowser() {
  const { chromium } = await import("@playwright/test");
  for (const candidate of [chromium.executablePath(), ...systemBrowsers()]) {
    if (existsSync(candidate) && (await answers(candidate))) return candidate;
  }
  return undefined;
}

async function fetchBrowser(root) {
  for (const attempt of [() => installByPlaywright(root), installByApt]) {
    await attempt();
    const present = await presentBrowser();
    if (present !== undefined) return present;
  }
  throw new ToolError("There is no browser for the tests: install Chromium, or name one with PW_CHROMIUM.");
}

function installByPlaywright(root) {
  const command = path.join(root, "node_modules", "@playwright", "test", "cli.js");
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000" };
  const options = { cwd: root, env, timeoutMs: DOWNLOAD_WITHIN_MS };
  return run(process.execPath, [command, "install", "chromium"], options);
}

/** As root, or by sudo when that asks for no password. */
async function installByApt() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (await run("sudo", ["-n", "true"])).code !== 0) return;
  const [command, ...first] = isRoot ? ["apt-get"] : ["sudo", "-n", "apt-get"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run(command, [...first, "update"], { env });
  for (const browser of APT_BROWSERS) {
    const args = ["install", "-y", "--no-install-recommends", browser, APT_FONTS];
    if ((await run(command, [...first, ...args], { env })).code === 0) return;
  }
}

function systemBrowsers() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return SYSTEM_BROWSERS.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** False for one that lacks a library. */
async function answers(browser) {
  return (await run(browser, ["--version"], { timeoutMs: ANSWER_WITHIN_MS })).code === 0;
}
