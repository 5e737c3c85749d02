import { spawn } from "node:child_process";

/** The last lines of a tool's output that are shown when it fails. */
const KEPT_LINES = 25;

const running = new Set();

/** A tool that failed; `message` is a sentence, `output` the end of what it printed. */
export class ToolError extends Error {
  constructor(message, output = "") {
    super(message);
    this.output = output;
  }
}

/**
 * Runs a program in a process group of its own, so that Ctrl-C reaches only us and we end the whole group.
 * Resolves with its exit code (1 when it can't be started) and, when `quiet`, its output.
 */
export function run(command, args, { cwd, env, quiet = true, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"];
    const shell = process.platform === "win32" && command === "npm";
    const child = spawn(command, args, { cwd, env, stdio, shell, detached: process.platform !== "win32" });
    let output = "";
    const keep = (chunk) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    running.add(child);
    const timer = timeoutMs > 0 ? setTimeout(() => signalGroup(child, "SIGKILL"), timeoutMs) : undefined;
    const settle = (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, output });
    };
    child.once("error", (error) => {
      output += error.message;
      settle(1);
    });
    child.once("close", (code) => settle(code ?? 1));
  });
}

/** Like {@link run}, but a failure throws a {@link ToolError} with `sentence` and the last lines. */
export async function runOrThrow(sentence, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new ToolError(sentence, lastLines(output));
  return output;
}

export function lastLines(output) {
  return output.trimEnd().split("\n").slice(-KEPT_LINES).join("\n");
}

/** Ends what {@link run} started: with SIGTERM, and with SIGKILL after `graceMs`. */
export async function stopRunning(graceMs = 3000) {
  const children = [...running];
  const ended = Promise.all(children.map((child) => new Promise((resolve) => child.once("close", resolve))));
  for (const child of children) child.kill("SIGTERM");
  const timer = setTimeout(() => {
    for (const child of children) signalGroup(child, "SIGKILL");
  }, graceMs);
  await ended;
  for (const child of children) signalGroup(child, "SIGKILL");
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // The whole group is gone.
  }
}
