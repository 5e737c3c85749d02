import type { Transaction } from "@/db/client";
import type { Group } from "../groups/group";
import { splitByWeight } from "../split";
import {
  type NewDue,
  selectContributionsOf,
  selectReceivers,
  selectTurnsOfShares,
  type TurnRow,
} from "./store";

/**
 * The dues of a turn whose holder left before taking: what they paid sits with those who took before, who each give back what they got of
 * it. The others skip this turn, and so each of them is as if that place had never been.
 */
export async function refundDues(tx: Transaction, group: Group, turn: TurnRow): Promise<NewDue[]> {
  const leavers = await selectReceivers(tx, turn.id);
  const turnOfShare = await selectTurnsOfShares(tx, group.cycle.id);
  const owed = new Map<bigint, bigint>();
  for (const { holderId } of leavers) {
    for (const { turnId, paidMinor } of await selectContributionsOf(tx, holderId)) {
      const takers = group.holders.filter(({ shareId }) => turnOfShare.get(shareId)?.id === turnId);
      const parts = splitByWeight(
        paidMinor,
        takers.map(({ id, halves }) => ({ to: id, weight: BigInt(halves) })),
      );
      for (const { to, amountMinor } of parts) owed.set(to, (owed.get(to) ?? 0n) + amountMinor);
    }
  }
  return group.holders.map(({ id, shareId }) => ({
    tontineId: group.tontine.id,
    turnId: turn.id,
    shareId,
    holderId: id,
    kind: "contribution",
    amountMinor: owed.get(id) ?? 0n,
    dueAt: turn.dueAt,
  }));
}
