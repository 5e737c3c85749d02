import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "./browser.mjs";
import { ensureBuilt, ensureInstalled } from "./install.mjs";
import { createProgress } from "./progress.mjs";
import { run, runOrThrow, stopRunning, ToolError } from "./run.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, "");
const REPORTS = path.join(ROOT, ".data", "reports");
const SUITES = ["unit", "resilience", "e2e"];
/** Runs the resilience suite's smoke run too, and journeys in full in all four variants (language, with or without JavaScript). */
const FULL = "--full";
const SLOWEST_SHOWN = 10;
// Long enough for the end-to-end tests to stop the deployment that they started.
const STOP_WITHIN_MS = 25_000;

/** Runs the checks in order, stops at the first red one, and counts on the last line. */
export async function main(words) {
  const suites = words.filter((word) => word !== FULL);
  const progress = createProgress();
  const counts = { passed: 0, failed: 0 };
  const end = (code) => {
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => stopRunning(STOP_WITHIN_MS).finally(() => process.exit(130)));
  }
  try {
    const unknown = suites.find((suite) => !SUITES.includes(suite));
    if (unknown !== undefined)
      throw new ToolError(
        `There is no test suite ${unknown}. There are: ${SUITES.join(", ")}, and the flag ${FULL}.`,
      );
    process.chdir(ROOT);
    await runChecks(suites, { isFull: words.includes(FULL) }, progress, counts);
    end(0);
  } catch (error) {
    if (error instanceof ToolError && error.output !== "") progress.note(error.output);
    progress.fail(error instanceof ToolError ? error.message : (error?.stack ?? String(error)));
    // A red check without a red test counts as one.
    counts.failed = Math.max(counts.failed, 1);
    end(1);
  }
}

async function runChecks(suites, { isFull }, progress, counts) {
  const isWhole = suites.length === 0;
  // A local run leaves out the resilience suite's smoke run, which CI adds.
  const isCi = process.env.CI === "true";
  const wants = (suite) => suites.includes(suite) || (isWhole && (suite !== "resilience" || isCi || isFull));
  await ensureInstalled(ROOT, progress);
  const browser = wants("e2e") ? await findBrowser(ROOT, progress) : undefined;
  if (isWhole) {
    await progress.step("Format and lint", () =>
      tool("Format or lint is red.", "@biomejs/biome/bin/biome", ["check", "."]),
    );
    await progress.step("Types", checkTypes, { slow: true });
  }
  if (wants("e2e") || wants("resilience")) await ensureBuilt(ROOT, progress);
  if (wants("unit")) await runUnit(progress, counts);
  if (wants("resilience")) await runResilience(progress, counts);
  if (wants("e2e")) await runJourneys(progress, counts, { browser, isFull });
}

async function checkTypes() {
  await tool("Next couldn't write the types of the routes.", "next/dist/bin/next", ["typegen"]);
  await tool("The types are red.", "typescript/bin/tsc", ["--noEmit"]);
}

function tool(sentence, script, args) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const file = path.join(ROOT, "node_modules", script);
  return runOrThrow(sentence, process.execPath, [file, ...args], { cwd: ROOT, env });
}

async function runUnit(progress, counts) {
  progress.note("… Unit, database and architecture tests");
  const report = freshReport("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await forward("vitest/vitest.mjs", ["run", ...reporters], process.env);
  const result = readReport(report);
  counts.passed += result?.numPassedTests ?? 0;
  counts.failed += result?.numFailedTests ?? 0;
  const tests = (result?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  showSlowest(
    progress,
    tests.map(({ fullName, duration }) => ({ name: fullName, ms: duration ?? 0 })),
  );
  if (code !== 0) throw new ToolError("The unit tests are red.");
}

// The smoke run of `npm run resilience`, from another seed each time; each scenario counts as one test.
async function runResilience(progress, counts) {
  progress.note("… Resilience suite, smoke run of two minutes");
  freshReport("resilience.json");
  const code = await forward("tsx/dist/cli.mjs", ["e2e/resilience/main.ts", "--smoke"], process.env);
  const scenarios = readReport(path.join(REPORTS, "resilience.json"))?.scenarios ?? [];
  counts.passed += scenarios.filter(({ isGreen }) => isGreen).length;
  counts.failed += scenarios.filter(({ isGreen }) => !isGreen).length;
  if (code !== 0) throw new ToolError("The resilience suite is red.");
}

async function runJourneys(progress, counts, { browser, isFull }) {
  progress.note("… Journeys in a browser");
  const report = freshReport("playwright.json");
  const env = {
    ...process.env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    PW_CHROMIUM: await outsideBrowser(browser),
    ...(isFull ? { E2E_FULL: "1" } : {}),
  };
  const code = await forward("@playwright/test/cli.js", ["test", "--reporter=list,json"], env);
  const { stats, suites = [] } = readReport(report) ?? {};
  counts.passed += stats?.expected ?? 0;
  counts.failed += (stats?.unexpected ?? 0) + (stats?.flaky ?? 0);
  showSlowest(progress, suites.flatMap(journeyTimes));
  if (code !== 0) throw new ToolError("The journeys are red.");
}

function journeyTimes({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests.map(({ projectName, results }) => ({
      name: `[${projectName}] ${title}`,
      ms: results.reduce((sum, { duration }) => sum + duration, 0),
    })),
  );
  return [...own, ...suites.flatMap(journeyTimes)];
}

function showSlowest(progress, tests) {
  const slowest = tests.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST_SHOWN);
  progress.note(`  The ${slowest.length} slowest:`);
  for (const { name, ms } of slowest) progress.note(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
}

// Playwright knows its own browser better than by its path: it has a lighter one beside it.
async function outsideBrowser(browser) {
  const { chromium } = await import("@playwright/test");
  return browser === chromium.executablePath() ? "" : browser;
}

async function forward(script, args, env) {
  const { code } = await run(process.execPath, [path.join(ROOT, "node_modules", script), ...args], {
    cwd: ROOT,
    env,
    quiet: false,
  });
  return code;
}

function freshReport(name) {
  fs.mkdirSync(REPORTS, { recursive: true });
  const file = path.join(REPORTS, name);
  fs.rmSync(file, { force: true });
  return file;
}

function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
