// Promise: thirty concurrent calls for each limited resource get exactly what it has; the same calls on a copy of the database without
// its lock must get more, or the race tests nothing.
import { overrideProviders } from "@/lib/providers/registry";
import type { Random } from "../random";
import { runCases } from "../run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { CALLERS, openRaceDatabases, type RaceDatabase, type RaceDatabases } from "./databases";
import { LIMIT_RACES } from "./limits";
import { PAYMENT_RACES } from "./payments";
import { type Finding, type Race, type Resource, runRound } from "./race";
import { REQUEST_RACES } from "./requests";
import { PROVIDERS } from "./setup";
import { WALLET_RACES } from "./wallets";

/** A round of each in turn: case number modulo their count. */
const RESOURCES = [...WALLET_RACES, ...LIMIT_RACES, ...REQUEST_RACES, ...PAYMENT_RACES];

/** The control runs in each resource's first round, and in each fourth after it. */
const CONTROL_EVERY = 4;
/** A race without locks goes wrong only with some probability: the control is repeated until it does. */
const CONTROL_TRIES_MAX = 12;
const CONTROL_TRY_STEP = 1_000_000_007;
const EXCEEDED = "resources exceeded without their lock";

/** Thirty concurrent calls for each limited resource, and the same without its lock, which must exceed the resource. */
export const races: Scenario = {
  name: "races",
  promise: "30 concurrent calls get exactly what a resource has, and more only without its lock",
  share: 2,
  run: async (plan) => {
    overrideProviders(PROVIDERS.all);
    const databases = await openRaceDatabases();
    try {
      return await raceAll(plan, databases, RESOURCES);
    } finally {
      await databases.close();
    }
  },
};

/** Runs rounds of all resources in turn until the time is over. */
export async function raceAll(
  plan: ScenarioPlan,
  { product, withoutLocks }: Pick<RaceDatabases, "product" | "withoutLocks">,
  resources: readonly Resource[],
): Promise<ScenarioResult> {
  const least = resources.length;
  /** Whether a round without the lock exceeded the resource, by its name. */
  const exceeded = new Map<string, boolean>();
  let last = 0;
  const deadlocks = await product.deadlocks();
  const bounds = plan.isSmoke ? { least, most: least } : { least };
  const tally = await runCases(plan, { faults: [EXCEEDED], ...bounds }, async (one) => {
    const { number, random } = one;
    const resource = resources[number % resources.length];
    if (!resource) return [];
    const { name } = resource;
    last = number;
    const findings = await raceOnce(resource.race, product, random);
    one.tally.count({ rounds: 1, "concurrent calls": CALLERS });
    if (Math.floor(number / resources.length) % CONTROL_EVERY === 0) {
      const { isExceeded, tries } = await runControl(plan, withoutLocks, resource, number);
      one.tally.count({ "rounds without locks": tries });
      exceeded.set(name, isExceeded || exceeded.get(name) === true);
    }
    return findings.map(({ what }) => `${name}: ${what}`);
  });
  const seen = (await product.deadlocks()) - deadlocks;
  if (seen > 0) tally.violate(last, [`all rounds together: expected no deadlock, seen ${seen}`]);
  tally.violate(last, await product.audit());
  tally.count({ resources: resources.length });
  for (const [name, isExceeded] of exceeded) {
    if (isExceeded) tally.fault(EXCEEDED);
    // A fault that never happened: its race tests nothing.
    else tally.faults[`exceeded without the lock: ${name}`] = 0;
  }
  return tally;
}

/** Repeats a round without the lock until it exceeds the resource. */
async function runControl(
  plan: ScenarioPlan,
  database: RaceDatabase,
  { race, control = race }: Resource,
  number: number,
): Promise<{ isExceeded: boolean; tries: number }> {
  let tries = 0;
  while (tries < CONTROL_TRIES_MAX && !plan.signal.aborted) {
    const findings = await raceOnce(control, database, plan.random(number + tries * CONTROL_TRY_STEP));
    tries += 1;
    if (findings.some(({ kind }) => kind === "exceeded")) return { isExceeded: true, tries };
  }
  return { isExceeded: false, tries };
}

/** An error while preparing or checking a round is a finding, and the other rounds go on. */
async function raceOnce(race: Race, database: RaceDatabase, random: Random): Promise<Finding[]> {
  try {
    return await runRound(race, database, random);
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ kind: "wrong", what: `the round failed with an error: ${what}` }];
  }
}
