import fs from "node:fs";
import readline from "node:readline";
import type { Deployment } from "../deployment";

const SAMPLE_EVERY_MS = 200;
// Memory grows until V8's heap is warm: shorter runs would report that as a leak.
const WARM_REQUESTS = 20_000;
const GROWTH_MAX = 0.1;
const SAMPLES_LEAST = 5;

export interface WatchResult {
  problems: string[];
  logLines: number;
  /** Growth of the app in percent between the medians of the second and the last quarter of the requests. */
  growth: number;
  peakMegabytes: number;
}

/** Watches processes, memory and logs of app and worker. The returned function stops watching and reports what was wrong. */
export function watchDeployment(deployment: Deployment, requests: () => number): () => Promise<WatchResult> {
  const names = ["app", "worker"] as const;
  const pids = names.map((name) => deployment.pidOf(name));
  const samples: MemorySample[] = [];
  const sample = () => samples.push({ requests: requests(), bytes: residentBytes(deployment.pidOf("app")) });
  const sampling = setInterval(sample, SAMPLE_EVERY_MS);
  return async () => {
    clearInterval(sampling);
    const problems = names
      .filter((name, index) => deployment.pidOf(name) !== pids[index])
      .map((name) => `the ${name}'s process ended and was started again`);
    const growth = growthOf(samples) ?? 0;
    const peakMegabytes = Math.round(Math.max(...samples.map(({ bytes }) => bytes), 0) / 1_048_576);
    if (requests() >= WARM_REQUESTS && growth > GROWTH_MAX)
      problems.push(`the app's memory grew by ${Math.round(growth * 100)} % to ${peakMegabytes} MB`);
    let logLines = 0;
    for (const name of names) {
      const log = await readLog(deployment.logOf(name), name === "worker");
      logLines += log.lines;
      problems.push(...log.problems.map((problem) => `the ${name}'s log has a line that ${problem}`));
    }
    return { problems, logLines, growth: Math.round(growth * 100), peakMegabytes };
  };
}

/** Resident memory of a process; 0 if it is gone. Linux only. */
function residentBytes(pid: number | undefined): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export interface MemorySample {
  /** Requests answered by then. */
  requests: number;
  bytes: number;
}

/** Memory growth of a process after its warm-up, as a share; null for too few samples. */
export function growthOf(samples: readonly MemorySample[]): number | null {
  const last = samples.at(-1)?.requests ?? 0;
  const quarter = (number: number) =>
    samples
      .filter(({ requests }) => requests > (last * (number - 1)) / 4 && requests <= (last * number) / 4)
      .map(({ bytes }) => bytes);
  const [second, fourth] = [quarter(2), quarter(4)];
  if (second.length < SAMPLES_LEAST || fourth.length < SAMPLES_LEAST) return null;
  return median(fourth) / median(second) - 1;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

const UNEXPECTED = "is an unexpected error";

/** What is wrong with a log line: it isn't one JSON object, or is an unexpected error; null if nothing is. */
export function problemOfLine(line: string): string | null {
  if (!/^\{.*\}$/.test(line) || !isJson(line)) return "isn't a JSON object";
  const { level } = JSON.parse(line) as { level?: unknown };
  if (level === "fatal" || /unhandledRejection|uncaughtException/.test(line))
    return "is an uncaught exception";
  return level === "error" ? UNEXPECTED : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const SHOWN_LENGTH = 200;
const LINES_SHOWN = 20;

/** Checks a log line by line. `mayErr`: the worker's log, in which errors about webhook events that need review are right. */
async function readLog(file: string, mayErr: boolean): Promise<{ lines: number; problems: string[] }> {
  let lines = 0;
  const problems = new Map<string, string>();
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    lines += 1;
    const problem = problemOfLine(line);
    if (problem === null || (mayErr && problem === UNEXPECTED) || problems.size >= LINES_SHOWN) continue;
    const shown = line.slice(0, SHOWN_LENGTH);
    problems.set(shown.replace(/[0-9a-f-]{36}|\d+/g, "#"), `${problem}: ${shown}`);
  }
  return { lines, problems: [...problems.values()] };
}
