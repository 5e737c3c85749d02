import { findOpen, isNothingOpen } from "../find-open";
import type { CrashHarness } from "./harness";

const MINUTE_MS = 60_000;
const ROUND_MS = 1_000;
/** The clock shift of each round: for stale calls, then late acceptances, expiry, and the last retry of a webhook, on a busy machine. */
const SHIFTS = [0, 1.5, 1.5, 1.5, 12, 12, 12, 130, 130, 130, ...Array.from({ length: 50 }, () => 1_500)];

/** Runs jobs and sweeps until everything has ended. Returns what is still open after the last round, or null. */
export async function settle(harness: CrashHarness): Promise<string | null> {
  const { deployment } = harness;
  let open = await findOpen(deployment.owner);
  /** Nothing is open, or only a sweep can make progress. */
  const needsSweep = async () => {
    open = await findOpen(deployment.owner);
    // The sandbox is about to settle it.
    const isPayoutPending = deployment.sandbox.book
      .list("payout")
      .some(({ state, scenario }) => state === "pending" && scenario !== "transfer_never_settles");
    return isNothingOpen(open) || (open.jobs + open.events === 0 && !isPayoutPending);
  };
  for (const minutes of SHIFTS) {
    if (isNothingOpen(open)) break;
    harness.shift(minutes * MINUTE_MS);
    if (minutes > 0) await harness.sweep();
    await deployment.settle(needsSweep, ROUND_MS);
  }
  harness.shift(0);
  if (isNothingOpen(open)) return null;
  return `a day later ${open.jobs} jobs, ${open.events} events and the operations ${open.operations.join(", ")} are still open`;
}
