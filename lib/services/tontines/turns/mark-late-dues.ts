import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { moveMembers } from "../groups/store";
import {
  insertDues,
  markLate,
  type NewDue,
  type OwedDue,
  selectOpenDues,
  selectTurnsOfShares,
  sumFines,
} from "./store";

/** Turns whose pot has reached its receiver. */
const TAKEN: readonly string[] = ["part_paid", "paid", "confirmed", "closed"];

/**
 * Dues whose time has come are late, once: a contribution gets its fine by the rules of the cycle, the higher one for a share that has taken, and
 * no more than the cap leaves. For the system. Answers how many became late.
 */
export async function markLateDues(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state === "paused") return 0;
    const due = (await selectOpenDues(tx, tontineId)).filter(
      ({ state, dueAt, kind }) => state !== "late" && dueAt <= context.now && kind !== "fine",
    );
    if (due.length === 0) return 0;
    await markLate(
      tx,
      due.map(({ id }) => id),
    );
    const contributions = due.filter(({ kind }) => kind === "contribution");
    const fines = await insertDues(tx, await finesOf(tx, context, group, contributions));
    await moveMembers(
      tx,
      contributions.map(({ memberId }) => memberId),
      "active",
      "late",
    );
    const memberOf = new Map(group.holders.map(({ id, memberId }) => [id, memberId]));
    await recordEvents(tx, context, group, [
      ...due.map(({ id, turnId, memberId }) => ({ kind: "due.late" as const, dueId: id, turnId, memberId })),
      ...fines.map(({ id, turnId, holderId, amountMinor }) => ({
        kind: "fine.assessed" as const,
        dueId: id,
        turnId,
        memberId: memberOf.get(holderId) ?? 0n,
        amountMinor,
      })),
    ]);
    return due.length;
  });
}

async function finesOf(
  tx: Transaction,
  context: Context,
  group: Group,
  late: readonly OwedDue[],
): Promise<NewDue[]> {
  const { parameters, holders } = group;
  const turnOfShare = await selectTurnsOfShares(tx, group.cycle.id);
  const totals = new Map(await sumFines(tx, group.cycle.id));
  const fines: NewDue[] = [];
  for (const due of late) {
    const halves = BigInt(holders.find(({ id }) => id === due.holderId)?.halves ?? 2);
    const hasTaken = TAKEN.includes(turnOfShare.get(due.shareId)?.state ?? "");
    const rate = BigInt(hasTaken ? parameters.fineAfterMinor : parameters.fineBeforeMinor);
    const total = totals.get(due.holderId) ?? 0n;
    const left = (BigInt(parameters.fineCapMinor) * halves) / 2n - total;
    const wanted = (rate * halves) / 2n;
    const amountMinor = wanted < left ? wanted : left;
    if (amountMinor <= 0n) continue;
    totals.set(due.holderId, total + amountMinor);
    const { tontineId, turnId, shareId, holderId } = due;
    const about = { tontineId, turnId, shareId, holderId, dueAt: context.now, createdAt: context.now };
    fines.push({ ...about, kind: "fine", amountMinor });
  }
  return fines;
}
