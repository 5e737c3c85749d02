import type { Deployment } from "../deployment";
import { growthOf, type MemorySample, readLog, residentBytes } from "./watch-process";

const SAMPLE_EVERY_MS = 200;
// Memory grows until V8's heap is warm: shorter runs would report that as a leak.
const WARM_REQUESTS = 20_000;
const GROWTH_MAX = 0.1;

export interface WatchResult {
  problems: string[];
  logLines: number;
  /** Growth in percent between the medians of the second and the last quarter of the requests. */
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
    const growth = growthOf(samples);
    if (growth && requests() >= WARM_REQUESTS && growth.share > GROWTH_MAX) {
      problems.push(`the app grew from ${megabytes(growth.before)} to ${megabytes(growth.after)} MB`);
    }
    let logLines = 0;
    for (const name of names) {
      const log = await readLog(deployment.logOf(name), name === "worker");
      logLines += log.lines;
      problems.push(...log.problems.map((problem) => `the ${name}'s log has a line that ${problem}`));
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
