import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { type Group, readOwnGroup } from "../groups/group";
import { selectPayouts } from "../payouts/store";
import { mayDecline, placesIn } from "../turns/decline-turn";
import { type OwedDue, openMinor, selectDuesOfTurn, selectTurns, selectTurnsOfShares } from "../turns/store";
import { type PayoutView, toPayoutView } from "./payout-view";
import { selectNamedApprovals, selectPaidBy } from "./store";
import {
  type DueState,
  type DueViewer,
  isOfficer,
  isShort,
  shownState,
  type TurnView,
  turnViews,
} from "./view";

/** A due of a turn as a member of the group may see it. */
export interface TurnDueView {
  id: string;
  memberId: string;
  name: string;
  isMe: boolean;
  kind: OwedDue["kind"];
  amount: Money;
  open: Money;
  /** `late` only for the debtor and for officers: others read `awaited`. */
  state: DueState;
  /** When it was last paid; null while nothing was. */
  paidAt: Date | null;
  /** The member who paid for the debtor; null for one who paid their own. */
  paidBy: string | null;
  isStanding: boolean;
}

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
    dues: dues.map((due) => toDue(group, { ...member, isShort: isReceiver && isShort(row) }, due, paidBy)),
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

function toDue(
  group: Group,
  viewer: DueViewer,
  due: OwedDue,
  paid: Awaited<ReturnType<typeof selectPaidBy>>,
): TurnDueView {
  const { currency } = group.tontine;
  const last = paid.get(due.id) ?? null;
  const payer = last?.payerMemberId ?? null;
  const isOther = payer !== null && payer !== due.memberId;
  return {
    id: due.id.toString(),
    memberId: due.memberId.toString(),
    name: group.members.get(due.memberId)?.name ?? "",
    isMe: due.memberId === viewer.id,
    kind: due.kind,
    amount: money(due.amountMinor, currency),
    open: money(openMinor(due), currency),
    state: shownState(due, viewer),
    paidAt: last?.at ?? null,
    paidBy: isOther ? (group.members.get(payer)?.name ?? null) : null,
    isStanding: last?.isStanding ?? false,
  };
}
