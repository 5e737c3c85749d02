import fs from "node:fs";
import { z } from "zod";
import type { Deployment } from "../deployment";

const SAMPLE_EVERY_MS = 200;
// Memory grows until V8's heap is warm: shorter runs would report that as a leak.
const WARM_REQUESTS = 20_000;
const GROWTH_MAX_PERCENT = 10;
const SAMPLES_LEAST = 5;
const SHOWN_LENGTH = 200;
const PROBLEMS_SHOWN = 40;

const logLine = z
  .string()
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text);
    } catch {
      addIssue("no JSON");
    }
  })
  .pipe(z.looseObject({ level: z.unknown() }));

export interface WatchResult {
  problems: string[];
  logLines: number;
  /** Growth of the app in percent between the medians of the second and the last quarter of the requests. */
  growth: number;
  peakMegabytes: number;
}

/** Watches processes, memory and logs of app and worker. The returned function stops watching and reports what was wrong. */
export function watchDeployment(deployment: Deployment, requests: () => number): () => WatchResult {
  const names = ["app", "worker"] as const;
  const pids = names.map((name) => deployment.pidOf(name));
  const samples: MemorySample[] = [];
  const sample = () => samples.push({ requests: requests(), bytes: residentBytes(deployment.pidOf("app")) });
  const sampling = setInterval(sample, SAMPLE_EVERY_MS).unref();
  return () => {
    clearInterval(sampling);
    const problems = names
      .filter((name, index) => deployment.pidOf(name) !== pids[index])
      .map((name) => `the ${name}'s process ended and was started again`);
    const growth = Math.round((growthOf(samples) ?? 0) * 100);
    const peakMegabytes = Math.round(Math.max(...samples.map(({ bytes }) => bytes), 0) / 1_048_576);
    if (requests() >= WARM_REQUESTS && growth > GROWTH_MAX_PERCENT)
      problems.push(`the app's memory grew by ${growth} % to ${peakMegabytes} MB`);
    const logs = names.map((name) => fs.readFileSync(deployment.logOf(name), "utf8").trimEnd().split("\n"));
    for (const [index, lines] of logs.entries()) {
      // In the worker's log errors about webhook events that need review are right.
      const wrong = lines
        .map(problemOfLine)
        .filter((one) => one && !(index === 1 && one.startsWith(UNEXPECTED)));
      for (const problem of new Set(wrong))
        problems.push(`the ${names[index]}'s log has a line that ${problem}`);
    }
    return {
      problems: problems.slice(0, PROBLEMS_SHOWN),
      logLines: logs.flat().length,
      growth,
      peakMegabytes,
    };
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

/** What is wrong with a log line, and its beginning without numbers: it isn't one JSON object, or an unexpected error; null if nothing. */
export function problemOfLine(line: string): string | null {
  const shown = line.slice(0, SHOWN_LENGTH).replace(/[0-9a-f-]{36}|\d+/g, "#");
  const { success, data } = logLine.safeParse(line);
  if (!success) return `isn't a JSON object: ${shown}`;
  if (data.level === "fatal" || /unhandledRejection|uncaughtException/.test(line))
    return `is an uncaught exception: ${shown}`;
  return data.level === "error" ? `${UNEXPECTED}: ${shown}` : null;
}
