import fs from "node:fs";
import path from "node:path";
import { randomFrom } from "./random";
import type { Breach, Scenario, ScenarioPlan } from "./scenario";

/** What is asked of a whole run. */
export interface Run {
  seed: string;
  minutes: number;
  isSmoke: boolean;
  /** The one case to be played again. */
  case: number | null;
  /** Holds a directory for each part. */
  home: string;
  signal: AbortSignal;
  say(text: string): void;
}

/** How a part ended. */
export interface Outcome {
  part: string;
  promise: string;
  seed: string;
  isSmoke: boolean;
  seconds: number;
  counts: Record<string, number>;
  faults: Record<string, number>;
  breaches: Breach[];
  /** Faults that never happened: the part showed nothing. */
  missing: string[];
  /** Why it couldn't run to its end; null when it did. */
  problem: string | null;
  isGreen: boolean;
}

/** Runs one part within its share of the time. Never throws for what the part does: a part that can't run is red. */
export async function runScenario(part: Scenario, run: Run, budgetMs: number): Promise<Outcome> {
  const startedAt = performance.now();
  const home = path.join(run.home, part.name);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  const plan = planOf(part, run, { home, endsAt: startedAt + budgetMs });
  const outcome = {
    part: part.name,
    promise: part.promise,
    seed: run.seed,
    isSmoke: run.isSmoke,
    counts: {},
    faults: {},
    breaches: [],
  };
  try {
    const result = await part.run(plan);
    const missing = Object.keys(result.faults).filter((name) => result.faults[name] === 0);
    // One case alone needn't meet every fault.
    const isGreen = result.breaches.length === 0 && (missing.length === 0 || run.case !== null);
    if (isGreen) fs.rmSync(home, { recursive: true, force: true });
    return { ...outcome, ...result, missing, problem: null, isGreen, seconds: secondsSince(startedAt) };
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...outcome, missing: [], problem, isGreen: false, seconds: secondsSince(startedAt) };
  }
}

function planOf(part: Scenario, run: Run, { home, endsAt }: { home: string; endsAt: number }): ScenarioPlan {
  const leftMs = () => (run.signal.aborted ? 0 : Math.max(0, endsAt - performance.now()));
  return {
    seed: run.seed,
    random: (number) => randomFrom(`${run.seed}/${part.name}/${number}`),
    *cases({ least = 1, most = Number.POSITIVE_INFINITY } = {}) {
      if (run.case !== null) return yield run.case;
      for (let number = 0; number < most && !run.signal.aborted; number += 1) {
        if (number >= least && leftMs() === 0) return;
        yield number;
      }
    },
    isSmoke: run.isSmoke,
    leftMs,
    signal: run.signal,
    home,
    say: run.say,
  };
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}

/** How long each part may take: its share of what is asked for. */
export function budgetsOf(parts: readonly Scenario[], minutes: number): Map<string, number> {
  const shares = parts.reduce((sum, part) => sum + part.share, 0);
  return new Map(
    parts.map((part) => [part.name, shares === 0 ? 0 : (minutes * 60_000 * part.share) / shares]),
  );
}

const BREACHES_SHOWN = 5;

/** One line a goal; below a red one what was found, and how to see it again. */
export function linesOf(outcome: Outcome): string[] {
  const { part, promise, seed, isSmoke, seconds, counts, faults, breaches, missing, problem, isGreen } =
    outcome;
  const numbers = [...Object.entries(counts), ...Object.entries(faults)].map(
    ([name, count]) => `${count} ${name}`,
  );
  const verdict = isGreen ? "✓" : "✗";
  const lines = [
    `${verdict} ${part.padEnd(10)} ${promise} · ${numbers.join(", ")} · seed ${seed}, ${seconds} s`,
  ];
  if (problem !== null) lines.push(`    it couldn't go on: ${problem}`);
  for (const name of missing) lines.push(`    it never met its fault: ${name}`);
  for (const breach of breaches.slice(0, BREACHES_SHOWN)) {
    lines.push(
      `    case ${breach.case}: ${breach.what}`,
      `      again: npm run resilience -- ${isSmoke ? "--smoke " : ""}--only ${part} --seed ${seed} --case ${breach.case}`,
    );
  }
  if (breaches.length > BREACHES_SHOWN) lines.push(`    and ${breaches.length - BREACHES_SHOWN} more`);
  return lines;
}
