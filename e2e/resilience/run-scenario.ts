import fs from "node:fs";
import path from "node:path";
import { randomFrom } from "./random";
import type { Scenario, ScenarioPlan, Violation } from "./scenario";

/** The options of a whole run. */
export interface Run {
  seed: string;
  minutes: number;
  isSmoke: boolean;
  /** The only case to run; null for as many as the time allows. */
  case: number | null;
  /** Holds a directory for each scenario. */
  home: string;
  signal: AbortSignal;
  progress(text: string): void;
}

/** How a scenario ended: one element of the report. */
export interface Outcome {
  scenario: string;
  promise: string;
  seed: string;
  isSmoke: boolean;
  seconds: number;
  counts: Record<string, number>;
  faults: Record<string, number>;
  violations: Violation[];
  /** Faults that never happened: the scenario tested nothing. */
  missing: string[];
  /** The error that stopped it; null when it ran to its end. */
  problem: string | null;
  isGreen: boolean;
}

/** Runs one scenario within its share of the time. Never throws for what the scenario throws: that makes it red. */
export async function runScenario(scenario: Scenario, run: Run, budgetMs: number): Promise<Outcome> {
  const startedAt = performance.now();
  const home = path.join(run.home, scenario.name);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  const plan = planOf(scenario, run, { home, endsAt: startedAt + budgetMs });
  const outcome = {
    scenario: scenario.name,
    promise: scenario.promise,
    seed: run.seed,
    isSmoke: run.isSmoke,
    counts: {},
    faults: {},
    violations: [],
  };
  try {
    const result = await scenario.run(plan);
    const missing = Object.keys(result.faults).filter((name) => result.faults[name] === 0);
    // A single case needn't inject every fault.
    const isGreen = result.violations.length === 0 && (missing.length === 0 || run.case !== null);
    if (isGreen) fs.rmSync(home, { recursive: true, force: true });
    return { ...outcome, ...result, missing, problem: null, isGreen, seconds: secondsSince(startedAt) };
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...outcome, missing: [], problem, isGreen: false, seconds: secondsSince(startedAt) };
  }
}

function planOf(
  scenario: Scenario,
  run: Run,
  { home, endsAt }: { home: string; endsAt: number },
): ScenarioPlan {
  const leftMs = () => (run.signal.aborted ? 0 : Math.max(0, endsAt - performance.now()));
  return {
    seed: run.seed,
    random: (number) => randomFrom(`${run.seed}/${scenario.name}/${number}`),
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
    progress: run.progress,
  };
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}

/** Milliseconds for each scenario, by name: its share of the minutes. */
export function budgetsOf(scenarios: readonly Scenario[], minutes: number): Map<string, number> {
  const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
  return new Map(
    scenarios.map(({ name, share }) => [name, shares === 0 ? 0 : (minutes * 60_000 * share) / shares]),
  );
}

const VIOLATIONS_SHOWN = 5;

/** The line of a scenario; below a red one what was found, and the command that replays it. */
export function linesOf(outcome: Outcome): string[] {
  const { scenario, promise, seed, isSmoke, seconds, counts, faults, violations, missing, problem } = outcome;
  const numbers = [...Object.entries(counts), ...Object.entries(faults)].map(
    ([name, count]) => `${count} ${name}`,
  );
  const verdict = outcome.isGreen ? "✓" : "✗";
  const lines = [
    `${verdict} ${scenario.padEnd(14)} ${promise} · ${numbers.join(", ")} · seed ${seed}, ${seconds} s`,
  ];
  if (problem !== null) lines.push(`    stopped by an error: ${problem}`);
  for (const name of missing) lines.push(`    this fault never happened: ${name}`);
  for (const violation of violations.slice(0, VIOLATIONS_SHOWN)) {
    const flags = `${isSmoke ? "--smoke " : ""}--only ${scenario} --seed ${seed} --case ${violation.case}`;
    lines.push(
      `    case ${violation.case}: ${violation.what}`,
      `      replay: npm run resilience -- ${flags}`,
    );
  }
  const more = violations.length - VIOLATIONS_SHOWN;
  if (more > 0) lines.push(`    and ${more} more`);
  return lines;
}
