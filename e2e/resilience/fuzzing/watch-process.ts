import fs from "node:fs";
import readline from "node:readline";

/** Resident memory of a process in bytes; 0 if it is gone. Linux only. */
export function residentBytes(pid: number | undefined): number {
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

export interface Growth {
  /** Medians of the second and of the last quarter of the requests. */
  before: number;
  after: number;
  share: number;
}

/** Memory growth of a process after its warm-up; null for too few samples. */
export function growthOf(samples: readonly MemorySample[]): Growth | null {
  const last = samples.at(-1)?.requests ?? 0;
  const quarter = (number: number) =>
    samples
      .filter(({ requests }) => requests > (last * (number - 1)) / 4 && requests <= (last * number) / 4)
      .map(({ bytes }) => bytes);
  const [second, fourth] = [quarter(2), quarter(4)];
  if (second.length < 5 || fourth.length < 5) return null;
  const [before, after] = [median(second), median(fourth)];
  return { before, after, share: after / before - 1 };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

const SHOWN_LENGTH = 200;
const LINES_SHOWN = 20;

const UNEXPECTED = "is an unexpected error";

/** What is wrong with a log line: it isn't one JSON object, or is an unexpected error; null if nothing is. */
export function problemOfLine(line: string): string | null {
  let entry: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return "isn't a JSON object";
    entry = parsed as Record<string, unknown>;
  } catch {
    return "isn't a JSON object";
  }
  if (entry.level === "fatal" || /unhandledRejection|uncaughtException/.test(line)) {
    return "is an uncaught exception";
  }
  return entry.level === "error" ? UNEXPECTED : null;
}

export interface LogReading {
  lines: number;
  problems: string[];
}

/** Checks a log line by line. `mayErr`: the worker's log, in which errors about webhook events that need review are right. */
export async function readLog(file: string, mayErr = false): Promise<LogReading> {
  const reading: LogReading = { lines: 0, problems: [] };
  const seen = new Set<string>();
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    reading.lines += 1;
    const problem = problemOfLine(line);
    if (problem === null || (mayErr && problem === UNEXPECTED)) continue;
    const shown = line.slice(0, SHOWN_LENGTH);
    const kind = shown.replace(/[0-9a-f-]{36}|\d+/g, "#");
    if (seen.has(kind) || seen.size >= LINES_SHOWN) continue;
    seen.add(kind);
    reading.problems.push(`${problem}: ${shown}`);
  }
  return reading;
}
