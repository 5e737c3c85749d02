import type { ScenarioPlan } from "@/e2e/resilience/scenario";
import { invariant } from "@/lib/invariant";
import { acknowledgementFailpoints } from "./acknowledgements";
import { failpointsOf, findCallSites, readSources } from "./call-sites";
import type { Workload } from "./crash-test";
import { ACCESS } from "./workloads/access";
import { MESSAGES } from "./workloads/messages";
import { MONEY_IN } from "./workloads/money-in";
import { MONEY_OUT } from "./workloads/money-out";
import { NOTICES } from "./workloads/notices";
import { PASSKEYS } from "./workloads/passkeys";
import { RECOVERY } from "./workloads/recovery";
import { SECOND_STEP } from "./workloads/second-step";
import { SIGN_UP } from "./workloads/sign-up";
import { STATEMENTS } from "./workloads/statements";
import { TONTINES } from "./workloads/tontines";
import { WALLETS } from "./workloads/wallets";

export const WORKLOADS: readonly Workload[] = [
  ...MONEY_IN,
  ...MONEY_OUT,
  ...WALLETS,
  ...ACCESS,
  ...MESSAGES,
  ...PASSKEYS,
  ...SECOND_STEP,
  ...NOTICES,
  ...SIGN_UP,
  ...RECOVERY,
  ...TONTINES,
  ...STATEMENTS,
];

/** Failpoints that no workload of the product reaches, by the reason why. */
export const EXCLUDED: Readonly<Record<string, RegExp>> = {
  "only the benchmark groups plain entries; transfers are grouped by their own verb": /^ledger\/group-posts/,
  "the audit only reads": /^ledger\/integrity\//,
  "the deployment speaks the provider's other API": /^providers\/getmipay\/public\//,
  "counts before the transaction: after a crash somebody isn't told of a group that day":
    /^tontines\/groups\/invite-by-phone\.consume/,
};

export interface FailpointCase {
  failpoint: string;
  /** The number of the hit that kills the child. */
  hit: number;
  /** How many children in a row die at it. */
  crashes: number;
  workload: Workload;
}

export function reachableFailpoints(failpoints: readonly string[]): string[] {
  const excluded = Object.values(EXCLUDED);
  return failpoints.filter((failpoint) => !excluded.some((names) => names.test(failpoint)));
}

/** All failpoints of the product, sorted. */
export function findFailpoints(sources = readSources()): string[] {
  return [...failpointsOf(findCallSites(sources)), ...acknowledgementFailpoints()].sort();
}

export function workloadsOf(failpoint: string): Workload[] {
  return WORKLOADS.filter(({ reaches }) => reaches.test(failpoint));
}

// Seeds for the order of rounds: above every case number.
const ROUNDS_FROM = 1_000_000_000;

/** Case `number` of this plan. Every round has each failpoint once, in an order of its own. */
export function caseOf(
  plan: Pick<ScenarioPlan, "random">,
  failpoints: readonly string[],
  number: number,
): FailpointCase {
  const round = Math.floor(number / failpoints.length);
  const failpoint = plan.random(ROUNDS_FROM + round).shuffle(failpoints)[number % failpoints.length];
  invariant(failpoint !== undefined, "a round has all failpoints");
  const random = plan.random(number);
  return {
    failpoint,
    // Every failpoint fires at its first hit in the first round, and at later hits afterwards.
    hit: round === 0 ? 1 : random.pick([1, 2, 3]),
    crashes: random.chance(0.25) ? 2 : 1,
    workload: random.pick(workloadsOf(failpoint)),
  };
}
