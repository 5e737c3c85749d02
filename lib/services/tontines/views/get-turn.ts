import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { selectPayouts } from "../payouts/store";
import { mayDecline, placesIn } from "../turns/decline-turn";
import { selectDuesOfTurn, selectTurns, selectTurnsOfShares } from "../turns/store";
import { type PayoutView, toPayoutView } from "./payout-view";
import { selectNamedApprovals, selectPaidBy } from "./store";
import { type TurnDueView, toTurnDue } from "./turn-due";
import { isOfficer, isShort, type TurnView, turnViews } from "./view";

export type { TurnDueView };

export interface TurnDetails extends TurnView {
  id: string;
  code: string;
  tontine: string;
  currency: Currency;
  zone: string;
  turnCount: number;
  closesAt: Date;
  /** What is in the pot now. */
  pot: Money;
  expected: Money;
  /** Fines of others for officers only: they tell who was late. */
  dues: readonly TurnDueView[];
  payouts: readonly PayoutView[];
  /** The viewer receives in it and may say that the pot has arrived. */
  mayConfirm: boolean;
  /** The viewer holds an office, and nothing is proposed though the pot could be paid out. */
  mayProposeAgain: boolean;
  /** The viewer takes in it and may leave it for after all others. */
  mayDecline: boolean;
  isOfficer: boolean;
}

/** One turn of a group: who has paid, who is awaited, what was paid out. Throws `unauthenticated`, `not_found`. */
export async function getTurn(
  context: Context,
  { code, number }: { code: string; number: number },
): Promise<TurnDetails> {
  const { group, member } = await readOwnGroup(context, code);
  const { db } = context;
  const [rows, turnOfShare] = await Promise.all([
    selectTurns(db, group.cycle.id),
    selectTurnsOfShares(db, group.cycle.id),
  ]);
  const row = rows.find((turn) => turn.number === number);
  const view = turnViews(group, member, rows, turnOfShare).find((turn) => turn.number === number);
  if (!row || !view) throw new DomainError("not_found");
  const [dues, paidBy, payouts, approvals, [pot]] = await Promise.all([
    selectDuesOfTurn(db, row.id),
    selectPaidBy(db, row.id),
    selectPayouts(db, row.id),
    selectNamedApprovals(db, group.tontine.id),
    getBalances(db, [chart.tontinePot(group.accounts, row.id)]),
  ]);
  const { currency } = group.tontine;
  const contributions = dues.filter(({ kind }) => kind === "contribution");
  const { others } = await placesIn(db, group, row, member.id);
  const isReceiver = view.receivers.some(({ isMe }) => isMe);
  return {
    ...view,
    id: row.id.toString(),
    code: group.tontine.code,
    tontine: group.tontine.name,
    currency,
    zone: group.tontine.zone,
    turnCount: rows.length,
    closesAt: row.closesAt,
    pot: pot ?? money(0n, currency),
    expected: money(
      contributions.reduce((sum, due) => sum + due.amountMinor, 0n),
      currency,
    ),
    dues: dues
      .filter((due) => due.kind !== "fine" || due.memberId === member.id || isOfficer(member))
      .map((due) => toTurnDue(group, { ...member, isShort: isReceiver && isShort(row) }, due, paidBy)),
    payouts: payouts.map((payout) => toPayoutView(group, payout, approvals)),
    mayConfirm: isReceiver && row.state === "paid",
    mayProposeAgain:
      isOfficer(member) &&
      !member.roles.includes("auditor") &&
      ["complete", "short"].includes(row.state) &&
      payouts.every(({ state }) => state === "refused" || state === "stale"),
    mayDecline:
      isReceiver &&
      group.tontine.state === "running" &&
      mayDecline(group, rows, row, others.length, context.now),
    isOfficer: isOfficer(member),
  };
}
