import type { Random } from "./random";
import type { ScenarioPlan, ScenarioResult } from "./scenario";

type Numbers = Record<string, number>;

/** What a scenario did so far. Counts are printed in the order in which they first occur. */
export class Tally implements ScenarioResult {
  readonly counts: Numbers = {};
  readonly faults: Numbers;
  readonly violations: ScenarioResult["violations"] = [];

  /** Each of these faults must happen; others aren't counted. */
  constructor(faults: readonly string[] = []) {
    this.faults = Object.fromEntries(faults.map((name) => [name, 0]));
  }

  count(numbers: Numbers): void {
    addTo(this.counts, numbers);
  }

  fault(name: string, howOften = 1): void {
    if (name in this.faults) addTo(this.faults, { [name]: howOften });
  }

  /** Sentences about one case, each once. */
  violate(number: number, sentences: Iterable<string>): void {
    for (const what of new Set(sentences)) this.violations.push({ case: number, what });
  }
}

function addTo(sums: Numbers, more: Numbers): void {
  for (const [name, number] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + number;
}

/** One case of a scenario: its number, what it draws from, and where it counts. */
export interface Case {
  number: number;
  random: Random;
  tally: Tally;
}

/** Runs the cases of a plan in turn. `run` returns violations, a sentence each. */
export async function runCases(
  plan: ScenarioPlan,
  { faults = [], ...bounds }: { faults?: readonly string[]; least?: number; most?: number },
  run: (one: Case) => Promise<Iterable<string>>,
): Promise<Tally> {
  const tally = new Tally(faults);
  for (const number of plan.cases(bounds)) {
    tally.violate(number, await run({ number, random: plan.random(number), tally }));
    plan.progress(`case ${number}, ${tally.violations.length} violations`);
  }
  return tally;
}
