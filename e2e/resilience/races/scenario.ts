// Promise: thirty concurrent calls for each limited resource get exactly what it has; the same calls on a copy of the database without
// its lock must get more, or the race tests nothing.
import { log } from "@/lib/log";
import { overrideProviders } from "@/lib/providers/registry";
import type { Random } from "../random";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
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

/** Thirty concurrent calls for each limited resource, and the same without its lock, which must exceed the resource. */
export const races: Scenario = {
  name: "races",
  promise: "30 concurrent calls get exactly what a resource has, and more only without its lock",
  share: 2,
  run: async (plan) => {
    const level = log.level;
    // The product would log thousands of expected warnings.
    log.level = "silent";
    overrideProviders(PROVIDERS.all);
    const databases = await openRaceDatabases();
    try {
      return await raceAll(plan, databases, RESOURCES);
    } finally {
      await databases.close();
      overrideProviders(null);
      log.level = level;
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
  const violations: Violation[] = [];
  /** Whether a round without the lock exceeded the resource, by its name. */
  const exceeded = new Map<string, boolean>();
  let [rounds, controls, last] = [0, 0, 0];
  const deadlocks = await product.deadlocks();
  for (const number of plan.cases(plan.isSmoke ? { least, most: least } : { least })) {
    const resource = resources[number % resources.length];
    if (!resource) continue;
    const { name } = resource;
    last = number;
    plan.progress(`races: round ${number + 1}, ${name}`);
    const findings = await raceOnce(resource.race, product, plan.random(number));
    violations.push(...findings.map(({ what }) => ({ case: number, what: `${name}: ${what}` })));
    rounds += 1;
    if (Math.floor(number / resources.length) % CONTROL_EVERY !== 0) continue;
    const { isExceeded, tries } = await runControl(plan, withoutLocks, resource, number);
    controls += tries;
    exceeded.set(name, isExceeded || exceeded.get(name) === true);
  }
  const seen = (await product.deadlocks()) - deadlocks;
  if (seen > 0)
    violations.push({ case: last, what: `all rounds together: expected no deadlock, seen ${seen}` });
  violations.push(...(await product.audit()).map((what) => ({ case: last, what })));
  // A resource that no control exceeded is named as a fault that never happened: its race tests nothing.
  const untested = [...exceeded].filter(([, isExceeded]) => !isExceeded);
  return {
    counts: {
      resources: resources.length,
      rounds,
      "rounds of each resource at least": Math.floor(rounds / resources.length),
      "concurrent calls": rounds * CALLERS,
      "rounds without locks": controls,
    },
    faults: {
      "resources exceeded without their lock": exceeded.size - untested.length,
      ...Object.fromEntries(untested.map(([name]) => [`exceeded without the lock: ${name}`, 0])),
    },
    violations,
  };
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
