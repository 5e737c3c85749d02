import type { ScenarioPlan } from "@/e2e/resilience/scenario";
import { invariant } from "@/lib/invariant";
import { ACCESS } from "./cases/access";
import { OFFICE } from "./cases/back-office";
import { DEPOSITS } from "./cases/deposits";
import { TRANSFERS } from "./cases/transfers";
import { VAULTS } from "./cases/vaults";
import { WITHDRAWALS } from "./cases/withdrawals";
import type { Scenario } from "./play";

export const SCENARIOS: readonly Scenario[] = [
  ...DEPOSITS,
  ...WITHDRAWALS,
  ...TRANSFERS,
  ...VAULTS,
  ...ACCESS,
  ...OFFICE,
];

/** Points that no flow of the product passes, and why. */
export const EXCLUDED: readonly { points: RegExp; why: string }[] = [
  {
    points: /^ledger\/group-posts/,
    why: "only the benchmark groups bare entries; transfers are grouped by their own verb",
  },
];

/** Money, credentials and what brings them to their end: those points come first in every round. */
const MONEY =
  /^(deposits|withdrawals|transfers|vaults|provider-events|reconciliation|identity\/pin|api-access|outbox|back-office\/payout-switch|jobs|api)\//;

/** What one case does: which point dies, at which of its passes, how many times in a row, and what passes it. */
export interface FailpointCase {
  point: string;
  pass: number;
  deaths: number;
  scenario: Scenario;
}

/** The points that must all be hit. */
export function reachedPoints(points: readonly string[]): string[] {
  return points.filter((point) => !EXCLUDED.some(({ points: excluded }) => excluded.test(point)));
}

export function scenariosOf(point: string): Scenario[] {
  return SCENARIOS.filter(({ reaches }) => reaches.test(point));
}

// No case has such a number: the order of a round is drawn apart from its cases.
const ROUNDS_FROM = 1_000_000_000;

/** Case `number` of this plan: every round goes once through all points, in an order of its own. */
export function caseOf(
  plan: Pick<ScenarioPlan, "random">,
  points: readonly string[],
  number: number,
): FailpointCase {
  const round = Math.floor(number / points.length);
  const order = plan.random(ROUNDS_FROM + round).shuffle(points);
  const moneyFirst = [...order.filter((one) => MONEY.test(one)), ...order.filter((one) => !MONEY.test(one))];
  const point = moneyFirst[number % points.length];
  invariant(point !== undefined, "a round has all points");
  const random = plan.random(number);
  return {
    point,
    // The first round shows each point at its first pass; later ones go deeper.
    pass: round === 0 ? 1 : random.pick([1, 2, 3]),
    deaths: random.chance(0.25) ? 2 : 1,
    scenario: random.pick(scenariosOf(point)),
  };
}
