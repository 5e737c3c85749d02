import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { updateTontine } from "../groups/store";
import { insertDebt } from "../money/store";
import { potOf } from "../payouts/propose-payouts";
import { CONFIRMED_AFTER_HOURS } from "../policy";
import { splitByWeight } from "../split";
import {
  OPEN_STATES,
  openMinor,
  selectDuesOfTurn,
  selectReceivers,
  selectTurns,
  type TurnRow,
  updateTurn,
  waiveDue,
} from "./store";

const HOUR_MS = 60 * 60 * 1000;

/**
 * The end of a cycle, some days after its last turn closed its collection: what is still missing in a short turn is no due any more but what its
 * debtors owe its receivers, and the turn is closed. Once all turns have ended, the group is closing. For the system. Answers whether it is.
 */
export async function finishCycle(context: Context, tontineId: bigint): Promise<boolean> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state !== "running") return false;
    const turns = await selectTurns(tx, group.cycle.id);
    const before = new Date(context.now.getTime() - CONFIRMED_AFTER_HOURS * HOUR_MS);
    const waits = ["planned", "called", "complete", "approved"];
    const isOver = !turns.some(({ state, closesAt }) => waits.includes(state) || closesAt > before);
    if (!isOver) return false;
    for (const turn of turns.filter(({ state }) => state === "part_paid" || state === "short")) {
      await endShort(tx, context, group, turn);
    }
    const states = (await selectTurns(tx, group.cycle.id)).map(({ state }) => state);
    if (states.some((state) => !["closed", "cancelled", "deferred"].includes(state))) return false;
    await updateTontine(tx, tontineId, { state: "closing" });
    await recordEvents(tx, context, group, [{ kind: "group.closing" }]);
    return true;
  });
}

/** Nothing more is awaited in this turn: each open contribution becomes a debt to its receivers, by their parts of the share. */
async function endShort(tx: Transaction, context: Context, group: Group, turn: TurnRow): Promise<void> {
  if ((await potOf(tx, group, turn.id)) > 0n) return;
  const receivers = await selectReceivers(tx, turn.id);
  const weighted = receivers.map(({ memberId, halves }) => ({ to: memberId, weight: BigInt(halves) }));
  const isOpen = ({ state }: { state: string }) => (OPEN_STATES as readonly string[]).includes(state);
  const dues = (await selectDuesOfTurn(tx, turn.id)).filter(
    (due) => due.kind === "contribution" && isOpen(due),
  );
  for (const due of dues) {
    await waiveDue(tx, due);
    for (const { to, amountMinor } of splitByWeight(openMinor(due), weighted)) {
      if (to === due.memberId || amountMinor === 0n) continue;
      const debt = { tontineId: group.tontine.id, debtorMemberId: due.memberId, dueId: due.id, amountMinor };
      await insertDebt(tx, { ...debt, creditor: "member", creditorMemberId: to });
      const about = { memberId: due.memberId, dueId: due.id, amountMinor };
      await recordEvents(tx, context, group, [{ kind: "debt.opened", ...about }]);
    }
  }
  if (turn.state === "short") {
    await updateTurn(tx, turn.id, { state: "cancelled" });
  } else {
    for (const state of ["paid", "confirmed", "closed"] as const) await updateTurn(tx, turn.id, { state });
  }
  await recordEvents(tx, context, group, [{ kind: "turn.closed", turnId: turn.id }]);
}
