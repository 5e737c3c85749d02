import type { Deployment } from "../deployment";
import { growthOf, type MemorySample, readLog, residentBytes } from "./watch-process";

const SAMPLE_EVERY_MS = 200;
// The app settles at several hundred MB; what a short run shows is V8 making itself at home.
const WARM_REQUESTS = 20_000;
const GROWTH_MAX = 0.1;

export interface Watched {
  problems: string[];
  logLines: number;
  /** Per cent, between the medians of the second and the last quarter. */
  growth: number;
  peakMegabytes: number;
}

/** Watches app and worker while `requests` are counted; the answer's function ends it and says what was wrong. */
export function watchDeployment(deployment: Deployment, requests: () => number): () => Promise<Watched> {
  const parts = ["app", "worker"] as const;
  const pids = parts.map((part) => deployment.pidOf(part));
  const samples: MemorySample[] = [];
  const sample = () => samples.push({ requests: requests(), bytes: residentBytes(deployment.pidOf("app")) });
  const sampling = setInterval(sample, SAMPLE_EVERY_MS);
  return async () => {
    clearInterval(sampling);
    const problems = parts
      .filter((part, index) => deployment.pidOf(part) !== pids[index])
      .map((part) => `the ${part}'s process ended and was started again`);
    const growth = growthOf(samples);
    if (growth && requests() >= WARM_REQUESTS && growth.share > GROWTH_MAX) {
      problems.push(`the app grew from ${megabytes(growth.before)} to ${megabytes(growth.after)} MB`);
    }
    let logLines = 0;
    for (const part of parts) {
      const log = await readLog(deployment.logOf(part), part === "worker");
      logLines += log.lines;
      problems.push(...log.problems.map((problem) => `the ${part}'s log has a line that ${problem}`));
    }
    return {
      ...{ problems, logLines },
      growth: Math.round((growth?.share ?? 0) * 100),
      peakMegabytes: megabytes(Math.max(...samples.map(({ bytes }) => bytes), 0)),
    };
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
