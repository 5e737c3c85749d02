import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, recordEvents } from "../groups/group";
import type { TontineState } from "../kinds";
import { OPEN_STATES, selectDuesOfTurn, type TurnRow, updateTurn } from "../turns/store";
import { potOf, proposePayouts } from "./propose-payouts";
import { selectPayouts } from "./store";

const isOpen = ({ state }: { state: string }) => (OPEN_STATES as readonly string[]).includes(state);

/** Whether every contribution to a turn is paid, covered or waived. */
export async function isComplete(tx: Transaction, turnId: bigint): Promise<boolean> {
  const dues = await selectDuesOfTurn(tx, turnId);
  return !dues.some((due) => due.kind === "contribution" && isOpen(due));
}

/**
 * What follows for a turn once money came into its pot: it is complete when nothing is missing, and its payouts are proposed anew. Under the
 * group's lock.
 */
export async function settleTurn(
  tx: Transaction,
  context: Context,
  group: Group,
  turn: TurnRow,
): Promise<void> {
  let state = turn.state;
  if ((state === "called" || state === "short") && (await isComplete(tx, turn.id))) {
    await updateTurn(tx, turn.id, { state: "complete" });
    await recordEvents(tx, context, group, [{ kind: "turn.complete", turnId: turn.id }]);
    state = "complete";
    if ((await potOf(tx, group, turn.id)) === 0n) return await endEmpty(tx, context, group, turn);
  }
  if (MAY_PROPOSE.includes(state)) await proposePayouts(tx, context, group, turn);
}

/** States of a turn in which a receiver who has had nothing of it may be proposed something. */
export const MAY_PROPOSE: readonly string[] = [
  "complete",
  "short",
  "approved",
  "part_paid",
] satisfies TontineState<"turn">[];

/** Nothing was asked for in this turn: that of a leaver who had paid nothing. The next one isn't kept waiting. */
async function endEmpty(tx: Transaction, context: Context, group: Group, turn: TurnRow): Promise<void> {
  await updateTurn(tx, turn.id, { state: "cancelled" });
  await recordEvents(tx, context, group, [{ kind: "turn.closed", turnId: turn.id }]);
}

/** What follows for a turn once a payout was posted: nothing is left to approve or to come, or the rest is awaited. */
export async function settlePaidTurn(
  tx: Transaction,
  context: Context,
  group: Group,
  turn: TurnRow,
): Promise<void> {
  let state = turn.state;
  const move = async (to: TontineState<"turn">, paidAt?: Date) => {
    await updateTurn(tx, turn.id, { state: to, ...(paidAt ? { paidAt } : {}) });
    state = to;
  };
  if (state === "complete" || state === "short") await move("approved");
  const payouts = await selectPayouts(tx, turn.id);
  if (payouts.some((payout) => payout.state === "proposed")) return;
  const isDone = (await potOf(tx, group, turn.id)) === 0n && (await isComplete(tx, turn.id));
  if (!isDone) {
    if (state === "approved") await move("part_paid");
    return;
  }
  await move("paid", context.now);
  await recordEvents(tx, context, group, [{ kind: "turn.paid", turnId: turn.id }]);
}
