import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { planReturns, recordReturns } from "../money/return-payments";
import { cancelDue, lockDues, type OwedDue, selectDuesOfTurn } from "../turns/store";
import { isPaidInTime } from "./is-paid-in-time";
import { selectQuestionedFines } from "./store";

/**
 * Fines of contributions that were paid by a top-up in time, as its provider stamped it, though it was credited later: they are asked for no
 * more, and what was paid of them goes back from the box. For the system. Answers how many.
 */
export async function forgiveFines(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state === "closed") return 0;
    const fines: OwedDue[] = [];
    for (const { fineId, dueId } of await selectQuestionedFines(tx, tontineId, context.now)) {
      const [fine] = await lockDues(tx, tontineId, [fineId]);
      if (fine && (await isForgiven(tx, context, group, fine, dueId))) fines.push(fine);
    }
    if (fines.length === 0) return 0;
    const returns = await planReturns(tx, context, group, fines);
    await recordReturns(tx, context, group, returns);
    await cancelFines(tx, context, group, fines);
    return fines.length;
  });
}

/** Asks for these fines no more; whatever was paid of them has been given back. */
export async function cancelFines(
  tx: Transaction,
  context: Context,
  group: Group,
  fines: readonly OwedDue[],
): Promise<void> {
  for (const fine of fines) await cancelDue(tx, fine);
  await recordEvents(
    tx,
    context,
    group,
    fines.map(({ id, turnId, memberId, amountMinor }) => ({
      kind: "fine.cancelled" as const,
      ...{ dueId: id, turnId, memberId, amountMinor },
      details: { reason: "paid_in_time" },
    })),
  );
}

async function isForgiven(
  tx: Transaction,
  context: Context,
  group: Group,
  fine: OwedDue,
  dueId: bigint,
): Promise<boolean> {
  const ofTurn = (await selectDuesOfTurn(tx, fine.turnId)).filter(({ kind }) => kind === "contribution");
  const due = ofTurn.find(({ id }) => id === dueId);
  if (!due) return false;
  const wantedMinor = ofTurn
    .filter(({ memberId }) => memberId === due.memberId)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return await isPaidInTime(tx, group, due, wantedMinor, context.now);
}
