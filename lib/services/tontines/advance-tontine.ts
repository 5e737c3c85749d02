import { type Context, requireSystem } from "../context";
import { runStandingContributions } from "./mandates/run-standing-contributions";
import { coverDues } from "./money/cover-dues";
import { closeTurns } from "./payouts/confirm-receipt";
import { payRest } from "./payouts/pay-rest";
import { releaseOwed } from "./payouts/release-owed";
import { callTurn } from "./turns/call-turn";
import { closeCollection } from "./turns/close-collection";
import { finishCycle } from "./turns/finish-cycle";
import { markLateDues } from "./turns/mark-late-dues";

/**
 * Does all that time asks of a group: each step is a transaction of its own that finds its work under the group's lock, so it may run
 * again, or beside another process, at any time. For the system.
 */
export async function advanceTontine(context: Context, tontineId: bigint): Promise<void> {
  requireSystem(context);
  await callTurn(context, tontineId);
  await runStandingContributions(context, tontineId);
  await markLateDues(context, tontineId);
  while (await coverDues(context, tontineId));
  await closeCollection(context, tontineId);
  while ((await payRest(context, tontineId)) > 0);
  await releaseOwed(context, tontineId);
  await closeTurns(context, tontineId);
  await finishCycle(context, tontineId);
}
