import type { Transaction } from "@/db/client";
import { addDays, type Day } from "@/lib/day-range";
import { invariant } from "@/lib/invariant";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart } from "@/lib/ledger/chart";
import { instantOf } from "../calendar";
import type { Group } from "../groups/group";
import { type HolderRow, insertShare, moveHolderToShare } from "../groups/store";
import { insertTurnShares, insertTurns, moveTurnShare, selectTurns, type TurnRow, updateTurn } from "./store";

/** Adds a turn to a running cycle, with a number after all others, and its pot. */
export async function appendTurn(
  tx: Transaction,
  group: Group,
  { dueOn, kind }: { dueOn: Day; kind: TurnRow["kind"] },
): Promise<TurnRow> {
  const { cycle, calendar, parameters, tontine } = group;
  const numbers = (await selectTurns(tx, cycle.id)).map(({ number }) => number);
  const [turn] = await insertTurns(tx, [
    {
      tontineId: tontine.id,
      cycleId: cycle.id,
      number: Math.max(...numbers) + 1,
      dueOn,
      dueAt: instantOf(dueOn, calendar.time, tontine.zone),
      closesAt: instantOf(addDays(dueOn, parameters.closesAfterDays), calendar.time, tontine.zone),
    },
  ]);
  invariant(turn, "an insert returns its row");
  if (kind === "refund") await updateTurn(tx, turn.id, { kind });
  await openAccounts(tx, [chart.tontinePot(group.accounts, turn.id)]);
  return { ...turn, kind };
}

/** Has a holder take in another turn: with the share, or with a half of it that becomes a share of its own when somebody else holds the other one. */
export async function moveToTurn(
  tx: Transaction,
  group: Group,
  holder: HolderRow,
  turnId: bigint,
): Promise<void> {
  const isAlone = !group.holders.some(({ id, shareId }) => shareId === holder.shareId && id !== holder.id);
  if (isAlone) return await moveTurnShare(tx, holder.shareId, turnId);
  const shareId = await insertShare(tx, group.cycle.id, holder.rootShareId);
  await insertTurnShares(tx, [{ cycleId: group.cycle.id, turnId, shareId }]);
  await moveHolderToShare(tx, holder.id, shareId);
}
