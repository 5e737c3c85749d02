// Thirty concurrent calls for each limited resource get exactly what it has; the same calls on a copy of the database without
// its lock must get more, or the race tests nothing.
import { log } from "@/lib/log";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { BALANCE_RACES } from "./balances";
import { CREDENTIAL_RACES } from "./credentials";
import { PAYMENT_RACES } from "./payments";
import { type Finding, type Resource, runRound } from "./race";
import { CALLERS, openRaceDatabases, type RaceDatabase, type RaceDatabases } from "./race-database";
import { REQUEST_RACES } from "./requests";
import { LIMIT_RACES } from "./tries";
import { VAULT_RACES } from "./vaults";

/** A round of each in turn: case number modulo their count. */
const RESOURCES: readonly Resource[] = [
  ...BALANCE_RACES,
  ...VAULT_RACES,
  ...CREDENTIAL_RACES,
  ...LIMIT_RACES,
  ...REQUEST_RACES,
  ...PAYMENT_RACES,
];

/** The control runs in each resource's first round, and in each fourth after it. */
const CONTROL_EVERY = 4;
/** A race without locks goes wrong only with some probability: the control is repeated until it does. */
const CONTROL_TRIES_MAX = 12;
const CONTROL_TRY_STEP = 1_000_000_007;

/** Rounds of one resource. */
interface Tally {
  rounds: number;
  controls: number;
  /** Controls that exceeded the resource, as they must. */
  failedControls: number;
}

/** Thirty concurrent calls for each limited resource, and the same without its lock, which must exceed the resource. */
export const races: Scenario = {
  name: "races",
  promise: "30 concurrent calls get exactly what a resource has, and more only without its lock",
  share: 2,
  run: async (plan) => {
    const level = log.level;
    // The product would log thousands of expected warnings.
    log.level = "silent";
    const databases = await openRaceDatabases();
    try {
      return await raceAll(plan, databases, RESOURCES);
    } finally {
      await databases.close();
      log.level = level;
    }
  },
};

/** Runs rounds of all resources in turn until the time is over. */
export async function raceAll(
  plan: ScenarioPlan,
  databases: Pick<RaceDatabases, "product" | "withoutLocks">,
  resources: readonly Resource[],
): Promise<ScenarioResult> {
  const tallies = resources.map((): Tally => ({ rounds: 0, controls: 0, failedControls: 0 }));
  const violations: Violation[] = [];
  const deadlocks = await databases.product.deadlocks();
  let last = 0;
  for (const number of plan.cases(boundsOf(plan, resources.length))) {
    const index = number % resources.length;
    const [resource, tally] = [resources[index], tallies[index]];
    if (!resource || !tally) continue;
    last = number;
    plan.progress(`races: round ${number + 1}, ${resource.name}`);
    for (const { what } of await raceOnce(resource, databases.product, plan.random(number))) {
      violations.push({ case: number, what: `${resource.name}: ${what}` });
    }
    tally.rounds += 1;
    if (Math.floor(number / resources.length) % CONTROL_EVERY !== 0) continue;
    await runControl(plan, { database: databases.withoutLocks, resource, tally }, number);
  }
  const seen = (await databases.product.deadlocks()) - deadlocks;
  if (seen > 0)
    violations.push({ case: last, what: `all rounds together: expected no deadlock, seen ${seen}` });
  for (const what of await databases.product.audit()) violations.push({ case: last, what });
  return conclude(resources, tallies, violations);
}

function boundsOf({ isSmoke }: ScenarioPlan, count: number): { least: number; most?: number } {
  return isSmoke ? { least: count, most: count } : { least: count };
}

/** Repeats a round without the lock until it exceeds the resource. */
async function runControl(
  plan: ScenarioPlan,
  { database, resource, tally }: { database: RaceDatabase; resource: Resource; tally: Tally },
  number: number,
): Promise<void> {
  const unlocked = { ...resource, race: resource.control ?? resource.race };
  for (let attempt = 0; attempt < CONTROL_TRIES_MAX && !plan.signal.aborted; attempt += 1) {
    const findings = await raceOnce(unlocked, database, plan.random(number + attempt * CONTROL_TRY_STEP));
    tally.controls += 1;
    if (findings.every(({ kind }) => kind !== "exceeded")) continue;
    tally.failedControls += 1;
    return;
  }
}

/** An error while preparing or checking a round is a finding, and the other rounds go on. */
async function raceOnce(
  { race }: Resource,
  database: RaceDatabase,
  random: ReturnType<ScenarioPlan["random"]>,
): Promise<Finding[]> {
  try {
    return await runRound(race, database, random);
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ kind: "wrong", what: `the round failed with an error: ${what}` }];
  }
}

/** A resource whose controls all stayed within its limit is named as a fault that never happened: its race tests nothing. */
function conclude(
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
      "rounds of each resource at least": Math.min(...tallies.map((tally) => tally.rounds)),
      "concurrent calls": rounds * CALLERS,
      "rounds without locks": sum((tally) => tally.controls),
    },
    faults: {
      "rounds without locks that exceeded the limit": sum((tally) => tally.failedControls),
      ...Object.fromEntries(powerless.map(({ name }) => [`exceeded without the lock: ${name}`, 0])),
    },
    violations,
  };
}
