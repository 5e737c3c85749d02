import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { actionKey } from "./action-key.mjs";
import { lastLines, run, runOrThrow, ToolError } from "./run.mjs";

/** Installs the packages when there are none or package-lock.json is another one than at the last install. */
export async function ensureInstalled(root, progress) {
  const lockFile = path.join(root, "package-lock.json");
  const modules = path.join(root, "node_modules");
  const marker = path.join(modules, ".cauris-installed");
  const wanted = createHash("sha256")
    .update(fs.readFileSync(lockFile))
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
  if (readText(marker) === wanted) return;
  if (readText(marker) === undefined && isInstalled(lockFile, modules)) return;
  requireWritable(root, "The project's directory");
  await progress.step("Packages (about a minute the first time)", () => install(root, progress), {
    slow: true,
  });
  fs.writeFileSync(marker, wanted);
}

async function install(root, progress) {
  const [command, ...first] = npmCommand();
  const env = { ...process.env, NODE_ENV: "" };
  const cache = await writableCache(root, [command, ...first], env, progress);
  const args = [
    ...first,
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--include=dev",
    "--include=optional",
  ];
  const { code, output } = await run(command, [...args, ...cache], { cwd: root, env });
  fs.rmSync(path.join(root, "node_modules", ".npm-cache"), { recursive: true, force: true });
  if (code === 0) return;
  throw new ToolError(meaningOf(output), lastLines(output));
}

function meaningOf(output) {
  if (/EACCES|EROFS|EPERM/.test(output))
    return "npm may not write where it needs to; the lines above name the place.";
  if (/ENOSPC/.test(output)) return "The packages weren't installed: the disk is full.";
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET/.test(output)) {
    return "The packages weren't installed: the package registry can't be reached.";
  }
  if (/ENOENT/.test(output) && /spawn/.test(output)) return "npm isn't installed: it comes with Node.js.";
  return "The packages weren't installed.";
}

// The npm that started this process, if one did: the one on the PATH may be another.
function npmCommand() {
  const runner = process.env.npm_execpath ?? "";
  return path.basename(runner) === "npm-cli.js" ? [process.execPath, runner] : ["npm"];
}

/** npm's arguments for another cache when its own can't be written to, e.g. for a user without a home. */
async function writableCache(root, [command, ...first], env, progress) {
  const { code, output } = await run(command, [...first, "config", "get", "cache"], { cwd: root, env });
  const cache = code === 0 ? output.trim().split("\n").at(-1) : path.join(os.homedir(), ".npm");
  if (isWritable(cache)) return [];
  progress.note(`\n  npm's cache ${cache} can't be written to; using one in the project for this time.`);
  return ["--cache", path.join(root, "node_modules", ".npm-cache")];
}

/** True when the nearest existing directory of `place` may be written to. */
function isWritable(place) {
  let current = path.resolve(place);
  while (!fs.existsSync(current)) current = path.dirname(current);
  try {
    fs.accessSync(current, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Throws a sentence when `place` can't be written to by this user. */
export function requireWritable(place, what) {
  if (isWritable(place)) return;
  throw new ToolError(
    `${what} ${place} can't be written to by this user: start as its owner, or choose another place.`,
  );
}

/** True when somebody installed by hand, by npm's own record, exactly what the lock file says. */
function isInstalled(lockFile, modules) {
  const record = readText(path.join(modules, ".package-lock.json"));
  if (record === undefined) return false;
  const wanted = JSON.parse(fs.readFileSync(lockFile, "utf8")).packages;
  const present = JSON.parse(record).packages;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === "") return true;
    const found = present[name];
    if (found !== undefined) return found.version === entry.version;
    // Other platforms' binaries aren't here.
    return ["optional", "devOptional", "extraneous", "peer", "os", "cpu"].some(
      (mark) => entry[mark] !== undefined,
    );
  });
}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

const SOURCE_FOLDERS = ["app", "lib", "db"];
const NOT_BUILT = new Set(["lib/server", "lib/sandbox", "e2e/support", "db/seed"]);
const ROOT_FILES =
  /^(next\.config|postcss\.config|proxy|instrumentation|tsconfig|package-lock)\b.*\.(ts|mjs|json)$/;

/** Builds the app when there is no build or the sources are others than at the last one. */
export async function ensureBuilt(root, progress) {
  const output = path.join(root, ".next");
  const marker = path.join(output, "cauris-built");
  const key = actionKey(process.env, path.resolve(root, process.env.DATA_DIR || ".data"));
  const wanted = createHash("sha256").update(hashOfSources(root)).update(key).digest("hex");
  if (fs.existsSync(path.join(output, "BUILD_ID")) && readText(marker) === wanted) return;
  requireWritable(output, "The build's directory");
  await progress.step("Build", () => build(root, marker, key), { slow: true });
  fs.writeFileSync(marker, wanted);
}

async function build(root, marker, key) {
  fs.rmSync(marker, { force: true });
  const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
  const env = {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key,
  };
  await runOrThrow("The build failed.", process.execPath, [next, "build"], { cwd: root, env });
}

/** A hash over the content of everything that the build reads. */
function hashOfSources(root) {
  const hash = createHash("sha256").update(process.versions.node);
  const rooted = fs.readdirSync(root).filter((name) => ROOT_FILES.test(name));
  for (const file of [...rooted, ...SOURCE_FOLDERS.flatMap((folder) => listSources(root, folder))].sort()) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

function listSources(root, directory) {
  if (NOT_BUILT.has(directory) || !fs.existsSync(path.join(root, directory))) return [];
  return fs.readdirSync(path.join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const name = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return listSources(root, name);
    return /\.test\.tsx?$/.test(name) ? [] : [name];
  });
}
