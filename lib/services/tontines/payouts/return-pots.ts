import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { planReturns, recordReturns } from "../money/return-payments";
import { repayDebt, selectDebts } from "../money/store";
import { RETURNED_AFTER_DAYS } from "../policy";
import { cancelDue, lockDues, selectDuesOfTurn, selectTurns, type TurnRow, updateTurn } from "../turns/store";
import { potOf } from "./propose-payouts";
import { endPayout, selectPayouts } from "./store";

const DAY_MS = 24 * 60 * 60 * 1000;
const WAITS: readonly string[] = ["complete", "short"];

/**
 * Gives pots back to their payers that nobody approved for 90 days after their closing time, such as those of a group that all have given
 * up: the turn is cancelled. One pot a call. For the system. Answers whether there may be more.
 */
export async function returnPots(context: Context, tontineId: bigint): Promise<boolean> {
  return await inGroup(context, tontineId, async (tx, group) => {
    const before = new Date(context.now.getTime() - RETURNED_AFTER_DAYS * DAY_MS);
    for (const turn of await selectTurns(tx, group.cycle.id)) {
      if (!WAITS.includes(turn.state) || turn.closesAt > before) continue;
      if ((await potOf(tx, group, turn.id)) === 0n) continue;
      await returnPot(tx, context, group, turn);
      return true;
    }
    return false;
  });
}

async function returnPot(tx: Transaction, context: Context, group: Group, turn: TurnRow): Promise<void> {
  for (const { id, state } of await selectPayouts(tx, turn.id)) {
    if (state === "proposed") await endPayout(tx, id, { state: "stale" });
  }
  const asked = (await selectDuesOfTurn(tx, turn.id)).filter(({ kind }) => kind === "contribution");
  const dues = await lockDues(
    tx,
    group.tontine.id,
    asked.map(({ id }) => id),
  );
  const returned = await recordReturns(tx, context, group, await planReturns(tx, context, group, dues));
  // Who had paid for somebody has it back: nothing is owed to them for it any more.
  const ids = new Set(dues.map(({ id }) => id));
  for (const debt of (await selectDebts(tx, group.tontine.id)).filter(({ dueId }) => ids.has(dueId))) {
    const left = debt.amountMinor - debt.repaidMinor;
    if (left > 0n) await repayDebt(tx, debt, left, returned.get(debt.dueId) ?? null);
  }
  for (const due of dues) await cancelDue(tx, due);
  await updateTurn(tx, turn.id, { state: "cancelled" });
  await recordEvents(tx, context, group, [{ kind: "turn.returned", turnId: turn.id }]);
}
