import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt, ensureInstalled, requireWritable } from "./install.mjs";
import { takeLock } from "./lock.mjs";
import { createProgress } from "./progress.mjs";
import { stopRunning, ToolError } from "./run.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, "");
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const FLAGS = ["--dev", "--no-build"];

/** Installs, builds and starts; ends the process with exit code 1 and one sentence when something is wrong. */
export async function main(flags) {
  const progress = createProgress();
  let lock;
  const giveUp = () => stopRunning().finally(() => end(0));
  const end = (code) => {
    lock?.release?.();
    process.exit(code);
  };
  for (const signal of SIGNALS) process.once(signal, giveUp);
  try {
    prepare(flags);
    lock = takePlace();
    await ensureInstalled(ROOT, progress);
    await requireBuild(flags, progress);
    const { register } = await import("tsx/esm/api");
    register();
    const { start } = await import("../../server/start.ts");
    for (const signal of SIGNALS) process.off(signal, giveUp);
    end(await start({ progress, dev: flags.includes("--dev") }));
  } catch (error) {
    report(error, progress);
    end(1);
  }
}

function prepare(flags) {
  const unknown = flags.find((flag) => !FLAGS.includes(flag));
  if (unknown !== undefined)
    throw new ToolError(`${unknown} isn't known: the flags are ${FLAGS.join(" and ")}.`);
  process.chdir(ROOT);
  for (const file of [".env.local", ".env"]) {
    if (fs.existsSync(file)) process.loadEnvFile(file);
  }
  process.env.DATA_DIR = path.resolve(process.env.DATA_DIR || ".data");
}

function takePlace() {
  const dataDir = process.env.DATA_DIR;
  requireWritable(dataDir, "The data directory (DATA_DIR)");
  const url = process.env.BASE_URL || `http://localhost:${process.env.PORT || 3000}`;
  const lock = takeLock(dataDir, url);
  if (lock.holder === undefined) return lock;
  throw new ToolError(`Cauris is already running at ${lock.holder.url} (process ${lock.holder.pid}).`);
}

async function requireBuild(flags, progress) {
  if (flags.includes("--dev")) return;
  if (!flags.includes("--no-build")) return ensureBuilt(ROOT, progress);
  if (!fs.existsSync(path.join(ROOT, ".next", "BUILD_ID")))
    throw new ToolError("There is no build: run npm start once.");
}

function report(error, progress) {
  if (error instanceof ToolError && error.output !== "") progress.note(error.output);
  // A sentence for the errors that we know; the trace for those that we don't.
  const known = error instanceof ToolError || error?.forPeople === true;
  progress.fail(known ? error.message : (error?.stack ?? String(error)));
}
