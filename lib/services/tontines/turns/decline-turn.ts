import type { Reader, Transaction } from "@/db/client";
import { addDays, type Day } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { dueDays } from "../calendar";
import { findOwnGroup, type Group, inOwnGroup, recordEvents, requireState } from "../groups/group";
import type { HolderRow } from "../groups/store";
import { planReturns, recordReturns } from "../money/return-payments";
import { endPayout, selectPayouts } from "../payouts/store";
import { readId } from "../read-id";
import { type DeclineTurn, declineTurnSchema } from "../schema";
import { appendTurn, moveToTurn } from "./append-turn";
import {
  cancelDue,
  lockDues,
  selectDuesOfTurn,
  selectTurns,
  selectTurnsOfShares,
  type TurnRow,
  updateTurn,
} from "./store";

/**
 * Declines one's turn, with the PIN: who takes in it takes after all others instead, who keep their days. Before the call, or until the due time
 * when nobody else takes in it: then what was paid for it goes back. Once a place. Again changes nothing. Throws `not_found`,
 * `tontine_not_now` (it is the last, was put off before, or is past its due time), and what `checkPin` throws.
 */
export async function declineTurn(context: Context, input: DeclineTurn): Promise<void> {
  const { code, turnId, pin } = declineTurnSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "running");
    const turns = await selectTurns(tx, group.cycle.id);
    const turn = turns.find(({ id }) => id === readId(turnId));
    if (!turn) throw new DomainError("not_found");
    if (turn.state === "deferred") return;
    const { own: places, others } = await placesIn(tx, group, turn, group.member.id);
    if (places.length === 0) throw new DomainError("not_found");
    if (!mayDecline(group, turns, turn, others.length, context.now)) throw new DomainError("tontine_not_now");
    const later = await appendTurn(tx, group, { dueOn: dayAfter(group, turns), kind: "rotation" });
    if (others.length === 0) await putOff(tx, context, group, turn);
    for (const holder of places) await moveToTurn(tx, group, holder, later.id);
    const about = { memberId: group.member.id, turnId: turn.id, details: { to: later.number } };
    await recordEvents(tx, context, group, [{ kind: "turn.deferred", ...about }]);
  });
}

/** The holders who take in a turn: the member's, and others'. */
export async function placesIn(
  reader: Reader,
  group: Group,
  turn: TurnRow,
  memberId: bigint,
): Promise<{ own: HolderRow[]; others: HolderRow[] }> {
  const turnOfShare = await selectTurnsOfShares(reader, group.cycle.id);
  const all = group.holders.filter(({ shareId }) => turnOfShare.get(shareId)?.id === turn.id);
  return {
    own: all.filter((holder) => holder.memberId === memberId),
    others: all.filter((holder) => holder.memberId !== memberId),
  };
}

/** The turns that the cycle began with. */
const countOf = ({ cycle }: Group) => Math.ceil(cycle.shareCount / cycle.sharesPerTurn);

/** Whether somebody who takes in this turn, beside so many others, may decline it now. */
export function mayDecline(
  group: Group,
  turns: readonly TurnRow[],
  turn: TurnRow,
  others: number,
  now: Date,
): boolean {
  const isLater = turns.some(({ dueAt, state }) => dueAt > turn.dueAt && state === "planned");
  if (turn.kind !== "rotation" || turn.number > countOf(group) || !isLater) return false;
  if (turn.state === "planned") return true;
  return (turn.state === "called" || turn.state === "complete") && others === 0 && now < turn.dueAt;
}

/** The day after the last turn, as the calendar goes on; own dates go on as far apart as the last two. */
function dayAfter({ calendar }: Group, turns: readonly TurnRow[]): Day {
  const [before, last] = turns.slice(-2).map(({ dueOn }) => dueOn);
  const end = last ?? before ?? "";
  const next = dueDays(calendar, turns.length + 1).find((day) => day > end);
  if (next !== undefined) return next;
  const apart = Math.round((Date.parse(end) - Date.parse(before ?? end)) / 86_400_000);
  return addDays(end, Math.max(apart, 1));
}

/** The turn ends without a receiver: proposals are stale, what was paid for it goes back, and what is open isn't asked for. */
async function putOff(tx: Transaction, context: Context, group: Group, turn: TurnRow): Promise<void> {
  for (const { id, state } of await selectPayouts(tx, turn.id)) {
    if (state === "proposed") await endPayout(tx, id, { state: "stale" });
  }
  const asked = (await selectDuesOfTurn(tx, turn.id)).filter(
    ({ kind }) => kind === "contribution" || kind === "solidarity",
  );
  const dues = await lockDues(
    tx,
    group.tontine.id,
    asked.map(({ id }) => id),
  );
  const fund = dues.filter(({ kind }) => kind === "solidarity");
  const [held] = await getBalances(tx, [chart.tontineSolidarity(group.accounts)]);
  const wanted = fund.reduce((sum, { paidMinor }) => sum + paidMinor, 0n);
  if ((held?.amountMinor ?? 0n) < wanted) throw new DomainError("tontine_not_now");
  await recordReturns(tx, context, group, await planReturns(tx, context, group, dues));
  for (const due of dues) await cancelDue(tx, due);
  await updateTurn(tx, turn.id, { state: "deferred" });
}
