import fs from "node:fs";
import path from "node:path";
import { environment, replaceEnvironment } from "@/lib/config";
import { overrideChannels } from "@/lib/messaging/registry";
import { overrideProviders } from "@/lib/providers/registry";
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

/** Runs one scenario within its time. Never throws for what the scenario throws: that makes it red. */
export async function runScenario(scenario: Scenario, run: Run, budgetMs: number): Promise<Outcome> {
  const startedAt = performance.now();
  const { name, promise } = scenario;
  const home = path.join(run.home, name);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  const plan = planOf(name, run, { home, endsAt: startedAt + budgetMs });
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  const outcome = { scenario: name, promise, seed: run.seed, isSmoke: run.isSmoke };
  const before = environment();
  try {
    const result = await scenario.run(plan);
    const missing = Object.keys(result.faults).filter((fault) => result.faults[fault] === 0);
    // A single case needn't inject every fault.
    const isGreen = result.violations.length === 0 && (missing.length === 0 || run.case !== null);
    if (isGreen) fs.rmSync(home, { recursive: true, force: true });
    return { ...outcome, ...result, missing, problem: null, isGreen, seconds: seconds() };
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const nothing = { counts: {}, faults: {}, violations: [], missing: [] };
    return { ...outcome, ...nothing, problem, isGreen: false, seconds: seconds() };
  } finally {
    resetProcess(before);
  }
}

/** Undoes what a scenario set for the verbs that it called in this process: variables, providers and channels. */
function resetProcess(before: ReturnType<typeof environment>): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  replaceEnvironment(before);
  overrideProviders(null);
  overrideChannels(null);
}

function planOf(name: string, run: Run, { home, endsAt }: { home: string; endsAt: number }): ScenarioPlan {
  const { seed, isSmoke, signal, progress } = run;
  const leftMs = () => (signal.aborted ? 0 : Math.max(0, endsAt - performance.now()));
  return {
    ...{ seed, isSmoke, signal, progress, home, leftMs },
    random: (number) => randomFrom(`${seed}/${name}/${number}`),
    *cases({ least = 1, most = Number.POSITIVE_INFINITY } = {}) {
      if (run.case !== null) return yield run.case;
      let lastMs = 0;
      for (let number = 0; number < most && !signal.aborted; number += 1) {
        // A case that would take more than twice the time that is left isn't begun.
        if (number >= least && leftMs() <= lastMs / 2) return;
        const from = performance.now();
        yield number;
        lastMs = performance.now() - from;
      }
    },
  };
}
