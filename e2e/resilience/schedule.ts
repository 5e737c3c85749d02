import type { Random } from "./random";
import type { ScheduledScenario } from "./scenarios";

type Timed = Pick<ScheduledScenario, "name" | "leastSeconds" | "share">;

/** Left unplanned, for a machine that is slower today. */
const SLACK = 0.1;

/** Minutes with which every scenario has its least time. */
export function minutesForAll(scenarios: readonly Timed[]): number {
  return Math.ceil(secondsOf(scenarios) / (1 - SLACK) / 60);
}

/**
 * The scenarios that `minutes` have time for: all, or as many as fit in an order drawn by `random`. They run longest first,
 * so that short ones, whose time can be set more finely, use what is left.
 */
export function chooseScenarios<S extends Timed>(
  scenarios: readonly S[],
  minutes: number,
  random: Random,
): S[] {
  let left = minutes * 60 * (1 - SLACK);
  const fitting = random.shuffle(scenarios).filter(({ leastSeconds }) => {
    if (leastSeconds <= left) left -= leastSeconds;
    else return false;
    return true;
  });
  return fitting.toSorted((one, other) => other.leastSeconds - one.leastSeconds);
}

export interface TimeLeft {
  leftMs: number;
  /** So much longer a run may take. */
  toleranceMs: number;
  /** How many times longer earlier scenarios took than planned: 1 on a machine that is as fast as expected. */
  slowness: number;
}

/**
 * Milliseconds for the first of these scenarios, all of which run one after the other: its least time and its share of
 * the rest. Null when too little is left for it.
 */
export function budgetOf(
  scenarios: readonly Timed[],
  { leftMs, toleranceMs, slowness }: TimeLeft,
): number | null {
  const [next] = scenarios;
  if (!next) return null;
  const least = next.leastSeconds * 1_000 * slowness;
  if (least > leftMs + toleranceMs) return null;
  const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
  const rest = Math.max(0, leftMs - secondsOf(scenarios) * 1_000 * slowness);
  return Math.min(leftMs, least + (shares === 0 ? 0 : (rest * next.share) / shares));
}

function secondsOf(scenarios: readonly Timed[]): number {
  return scenarios.reduce((sum, { leastSeconds }) => sum + leastSeconds, 0);
}
