import { setTimeout as wait } from "node:timers/promises";
import { findOpen, isNothingOpen, type Open } from "../find-open";
import type { CrashHarness } from "./harness";

const MINUTE_MS = 60_000;
const ROUND_MS = 1_000;
const PAUSE_MS = 25;
/** Long enough for a busy machine. */
const WITHIN_MS = 60_000;
/** The clock shift of each round: for stale calls, then late acceptances, expiry, and the last retry of a webhook. */
const SHIFTS_MS = [0, 1.5, 1.5, 1.5, 12, 12, 12, 130, 130, 130, 1_500].map((minutes) => minutes * MINUTE_MS);

/** Runs jobs and sweeps until everything has ended. Returns what is still open after a minute, or null. */
export async function settle(harness: CrashHarness): Promise<string | null> {
  const deadline = Date.now() + WITHIN_MS;
  let open = await findOpen(harness.deployment.owner);
  for (let round = 0; !isNothingOpen(open); round += 1) {
    const ms = SHIFTS_MS[round] ?? SHIFTS_MS.at(-1) ?? 0;
    if (round >= SHIFTS_MS.length && Date.now() > deadline) break;
    harness.shift(ms);
    if (ms > 0) await harness.sweep();
    open = await settleRound(harness);
  }
  harness.shift(0);
  if (isNothingOpen(open)) return null;
  return `a day later ${open.jobs} jobs, ${open.events} events and the operations ${open.operations.join(", ")} are still open`;
}

/** Until nothing is open, or only a sweep can make progress. */
async function settleRound({ deployment }: CrashHarness): Promise<Open> {
  const deadline = Date.now() + ROUND_MS;
  for (;;) {
    const open = await findOpen(deployment.owner);
    // The sandbox is about to settle it.
    const isPayoutPending = deployment.sandbox.book
      .list("payout")
      .some(({ state, scenario }) => state === "pending" && scenario !== "transfer_never_settles");
    const needsSweep = open.jobs + open.events === 0 && !isPayoutPending;
    if (isNothingOpen(open) || needsSweep || Date.now() >= deadline) return open;
    await deployment.hurry();
    await wait(PAUSE_MS);
  }
}
