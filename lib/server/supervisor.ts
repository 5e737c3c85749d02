import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { StartError } from "@/lib/start-error";
import { lastLines } from "./postgres-failure";
import { GONE_WITHIN_MS } from "./stop-limits";

const RUNNER = fileURLToPath(new URL("../cli/bootstrap/child.mjs", import.meta.url));
const READY_WITHIN_MS = 120_000;
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 60_000;
const RESTART_PAUSE_MS = 200;

export interface ChildPlan {
  name: string;
  /** A TypeScript file that sends `{ ready: true }` and ends by itself when the channel closes. */
  entry: string;
  env: NodeJS.ProcessEnv;
  /** Where its output goes; ours when absent. */
  logFile?: string;
  /** Called once, when it ended more often than it may be restarted. */
  onGivenUp(reason: StartError): void;
  onRestart?(): void;
}

export interface SupervisedChild {
  name: string;
  /** Resolves when it is ready; throws StartError when it ended before or took too long. */
  ready: Promise<void>;
  pid(): number | undefined;
  /** How it ended; null while it runs, and when a signal ended it. */
  exitCode(): number | null;
  /** SIGTERM, and SIGKILL for its whole group when that took too long. Resolves when it is gone. */
  stop(): Promise<void>;
  kill(): void;
}

/** A function that answers whether one more restart is allowed: five a minute. */
export function createRestartLimit(now: () => number = Date.now): () => boolean {
  let spent: number[] = [];
  return () => {
    spent = spent.filter((at) => now() - at < RESTARTS_WINDOW_MS);
    if (spent.length >= RESTARTS_MAX) return false;
    spent.push(now());
    return true;
  };
}

/** Starts a child and, once it has been ready, keeps it running. */
export function superviseChild(plan: ChildPlan): SupervisedChild {
  const mayRestart = createRestartLimit();
  let isStopping = false;
  let child = spawnChild(plan);

  const restart = async (): Promise<void> => {
    if (isStopping) return;
    killGroup(child);
    await wait(RESTART_PAUSE_MS);
    if (isStopping) return;
    if (!mayRestart()) {
      const reason = `The ${plan.name} ended too often and isn't started again. ${tail(plan)}`;
      return plan.onGivenUp(new StartError(reason.trim()));
    }
    plan.onRestart?.();
    child = spawnChild(plan);
    child.once("exit", () => void restart());
  };
  const ready = untilReady(plan, child).then(() => {
    if (hasEnded(child)) void restart();
    else child.once("exit", () => void restart());
  });
  return {
    name: plan.name,
    ready,
    pid: () => child.pid,
    exitCode: () => child.exitCode,
    stop: () => {
      isStopping = true;
      return stopChild(child);
    },
    kill: () => {
      isStopping = true;
      killGroup(child);
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

// A session of its own, so that Ctrl-C reaches only the launcher, which then stops everything in order.
function spawnChild(plan: ChildPlan): ChildProcess {
  const output = plan.logFile === undefined ? "inherit" : fs.openSync(plan.logFile, "a", 0o600);
  const child = fork(RUNNER, [plan.entry], {
    detached: true,
    env: plan.env,
    execArgv: [],
    stdio: ["ignore", output, output, "ipc"],
  });
  // Without a listener a failed spawn would end the launcher; "exit" or the time limit says the rest.
  child.on("error", () => {});
  if (typeof output === "number") fs.closeSync(output);
  return child;
}

function untilReady(plan: ChildPlan, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (reason?: string): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      if (reason === undefined) resolve();
      else reject(new StartError(`${reason} ${tail(plan)}`.trim()));
    };
    const onMessage = (message: unknown): void => {
      if (typeof message === "object" && message !== null && "ready" in message) settle();
    };
    const onExit = (): void => settle(`The ${plan.name} ended while it started.`);
    const timer = setTimeout(() => settle(`The ${plan.name} was not ready in time.`), READY_WITHIN_MS);
    child.on("message", onMessage);
    child.once("exit", onExit);
  });
}

function tail(plan: ChildPlan): string {
  if (plan.logFile === undefined || !fs.existsSync(plan.logFile)) return "";
  return `The end of its log, ${plan.logFile}:\n${lastLines(fs.readFileSync(plan.logFile, "utf8"))}`;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (!hasEnded(child) && child.pid !== undefined) {
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const timer = setTimeout(() => killGroup(child), GONE_WITHIN_MS);
    await gone;
    clearTimeout(timer);
  }
  killGroup(child);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // The whole group is gone.
  }
}
