import { log } from "@/lib/log";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { openRaceDatabases, type RaceDatabase, type RaceDatabases } from "./race-database";
import { RESOURCES, type Resource } from "./resources";
import { CALLERS, type Finding, run } from "./round";

/** In each resource's first round, and in every so many of them, the same is run without the lock. */
const CONTROL_EVERY = 4;
/** What is only likely to go wrong is tried again, so that a short run tells an unlucky control from a powerless one. */
const CONTROL_TRIES_MAX = 12;
const CONTROL_TRY_STEP = 1_000_000_007;

/** What became of the rounds of one resource. */
export interface Tally {
  rounds: number;
  controls: number;
  /** Controls in which there was more than there could be: the race is one. */
  failedControls: number;
}

/** Thirty at once on everything that there is only so much of; and the same without the lock, which must go wrong. */
export const races: Scenario = {
  name: "races",
  promise: "30 at once get what there is and no more, and without the lock they don't",
  share: 2,
  run: async (plan) => {
    const level = log.level;
    // The product warns of what it is made to meet here, thousands of times.
    log.level = "silent";
    const deployments = await openRaceDatabases();
    try {
      return await raceAll(plan, deployments, RESOURCES);
    } finally {
      await deployments.close();
      log.level = level;
    }
  },
};

/** Every resource takes its turn until the time is over. */
export async function raceAll(
  plan: ScenarioPlan,
  deployments: Pick<RaceDatabases, "product" | "withoutLocks">,
  resources: readonly Resource[],
): Promise<ScenarioResult> {
  const tallies = resources.map((): Tally => ({ rounds: 0, controls: 0, failedControls: 0 }));
  const violations: Violation[] = [];
  const deadlocks = await deployments.product.deadlocks();
  let last = 0;
  for (const number of plan.cases(boundsOf(plan, resources.length))) {
    const index = number % resources.length;
    const [resource, tally] = [resources[index], tallies[index]];
    if (!resource || !tally) continue;
    last = number;
    plan.progress(`races: round ${number + 1}, ${resource.name}`);
    for (const { what } of await raceOnce(resource, deployments.product, plan.random(number))) {
      violations.push({ case: number, what: `${resource.name}: ${what}` });
    }
    tally.rounds += 1;
    if (Math.floor(number / resources.length) % CONTROL_EVERY !== 0) continue;
    await control(plan, { deployment: deployments.withoutLocks, resource, tally }, number);
  }
  const seen = (await deployments.product.deadlocks()) - deadlocks;
  if (seen > 0)
    violations.push({ case: last, what: `all rounds together: expected no deadlock, seen ${seen}` });
  for (const what of await deployments.product.audit()) violations.push({ case: last, what });
  return conclude(resources, tallies, violations);
}

function boundsOf({ isSmoke }: ScenarioPlan, count: number): { least: number; most?: number } {
  return isSmoke ? { least: count, most: count } : { least: count };
}

/** The same round without the lock, until there was more than there could be. */
async function control(
  plan: ScenarioPlan,
  { deployment, resource, tally }: { deployment: RaceDatabase; resource: Resource; tally: Tally },
  number: number,
): Promise<void> {
  const unlocked = { ...resource, race: resource.twin ?? resource.race };
  for (let attempt = 0; attempt < CONTROL_TRIES_MAX && !plan.signal.aborted; attempt += 1) {
    const findings = await raceOnce(unlocked, deployment, plan.random(number + attempt * CONTROL_TRY_STEP));
    tally.controls += 1;
    if (findings.every(({ kind }) => kind !== "over")) continue;
    tally.failedControls += 1;
    return;
  }
}

/** A round that can't even be prepared or judged is a finding too, and the others go on. */
async function raceOnce(
  { race }: Resource,
  deployment: RaceDatabase,
  random: ReturnType<ScenarioPlan["random"]>,
): Promise<Finding[]> {
  try {
    return await run(await race(deployment, random));
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ kind: "wrong", what: `the round couldn't be run: ${what}` }];
  }
}

/** A control that never failed showed nothing: it is named, and turns the part red. */
export function conclude(
  resources: readonly Resource[],
  tallies: readonly Tally[],
  violations: Violation[],
): ScenarioResult {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const rounds = sum((tally) => tally.rounds);
  const powerless = resources.filter((_, index) => {
    const { controls, failedControls } = tallies[index] ?? { controls: 0, failedControls: 0 };
    return controls > 0 && failedControls === 0;
  });
  return {
    counts: {
      resources: resources.length,
      rounds,
      "rounds of each at least": Math.min(...tallies.map((tally) => tally.rounds)),
      "racing calls": rounds * CALLERS,
      "rounds without locks": sum((tally) => tally.controls),
    },
    faults: {
      "of them gone wrong as they must": sum((tally) => tally.failedControls),
      ...Object.fromEntries(powerless.map(({ name }) => [`control of ${name} gone wrong`, 0])),
    },
    violations,
  };
}
