import { createHash } from "node:crypto";
import { DomainError } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import type { TONTINE_EVENTS } from "../events";
import { type Group, readOwnGroup } from "../groups/group";
import { selectPayouts } from "../payouts/store";
import { selectDuesOfTurn, selectTurns, selectTurnsOfShares } from "../turns/store";
import { addressesOf, findGroupSeal, type GroupSeal } from "./group-accounts";
import { minutesLines, nameOf } from "./minutes-lines";
import { type PayoutView, toPayoutView } from "./payout-view";
import {
  type EventRow,
  selectEvents,
  selectNamedApprovals,
  selectPaidBy,
  selectPaymentsOfTurn,
} from "./store";
import { type TurnDueView, toTurnDue } from "./turn-due";
import { isOfficer, isShort, type TurnView, turnViews } from "./view";

/** What minutes tell of a group's journal, of what happened while their turn was under way. */
const CHANGES = [
  ...(["group.started", "group.closing", "group.closed", "group.cancelled", "rules.proposed"] as const),
  ...(["member.joined", "member.roles", "member.left", "guarantee.signed"] as const),
  ...(["swap.applied", "handover.applied"] as const),
] as const satisfies readonly (typeof TONTINE_EVENTS)[number][];

export interface MinutesChange {
  id: string;
  at: Date;
  kind: (typeof CHANGES)[number];
  /** Whom it concerns; null for the whole group. */
  member: string | null;
}

/** The minutes of a turn, from rows that are only added to. */
export interface MinutesView {
  code: string;
  tontine: string;
  currency: Currency;
  zone: string;
  turn: TurnView;
  turnCount: number;
  /** When the turn was called, and when the next one was: null while this one is the newest. */
  from: Date;
  to: Date | null;
  /** Nothing more can be added: the turn has ended, and the next one was called or there is none. */
  isFinal: boolean;
  /** Contributions and what else the turn asked for, without fines. `late` only for the debtor and for officers. */
  roll: readonly TurnDueView[];
  paid: Money;
  expected: Money;
  payouts: readonly PayoutView[];
  /** Who was fined is told to officers and to the debtor; how much in all, to everybody. */
  fines: { count: number; total: Money; shown: readonly TurnDueView[] };
  changes: readonly MinutesChange[];
  /** What the minutes say, a JSON array a line: the same for all readers and in all languages. */
  lines: readonly string[];
  /** SHA-256 of the lines, joined by line feeds, in hexadecimal. */
  hash: string;
  seal: GroupSeal;
}

/** The minutes of a turn that was called, for the group's members. Throws `unauthenticated`, `not_found`. */
export async function getMinutes(
  context: Context,
  { code, number }: { code: string; number: number },
): Promise<MinutesView> {
  const { group, member } = await readOwnGroup(context, code);
  const { db } = context;
  const { tontine, cycle } = group;
  const [rows, turnOfShare] = await Promise.all([
    selectTurns(db, cycle.id),
    selectTurnsOfShares(db, cycle.id),
  ]);
  const row = rows.find((each) => each.number === number);
  const turn = turnViews(group, member, rows, turnOfShare).find((each) => each.number === number);
  if (!row?.calledAt || !turn) throw new DomainError("not_found");
  const to = rows.find((each) => each.number > number && each.calledAt !== null)?.calledAt ?? null;
  // What happened before the first turn was called belongs to its minutes.
  const from = number === rows[0]?.number ? null : row.calledAt;
  const [dues, paidBy, payments, payouts, approvals, events] = await Promise.all([
    selectDuesOfTurn(db, row.id),
    selectPaidBy(db, row.id),
    selectPaymentsOfTurn(db, row.id),
    selectPayouts(db, row.id),
    selectNamedApprovals(db, tontine.id),
    selectEvents(db, tontine.id, { kinds: CHANGES, from, to }),
  ]);
  const seal = await findGroupSeal(db, await addressesOf(db, group));
  const lines = minutesLines(group, { turn: row, dues, payments, payouts, approvals, events });
  const isReceiver = turn.receivers.some(({ isMe }) => isMe);
  const viewer = { ...member, isShort: isReceiver && isShort(row) };
  const views = dues.map((due) => toTurnDue(group, viewer, due, paidBy));
  const fines = views.filter(({ kind }) => kind === "fine");
  const roll = views.filter(({ kind }) => kind !== "fine");
  const amountOf = (minor: bigint) => money(minor, tontine.currency);
  const isOver = row.state === "closed" || row.state === "cancelled";
  return {
    code: tontine.code,
    tontine: tontine.name,
    currency: tontine.currency,
    zone: tontine.zone,
    turn,
    turnCount: rows.length,
    from: row.calledAt,
    to,
    isFinal: isOver && (to !== null || ["closed", "cancelled"].includes(tontine.state)),
    roll,
    paid: amountOf(total(roll.map(({ amount, open }) => amount.amountMinor - open.amountMinor))),
    expected: amountOf(total(roll.map(({ amount }) => amount.amountMinor))),
    payouts: payouts.map((payout) => toPayoutView(group, payout, approvals)),
    fines: {
      count: fines.length,
      total: amountOf(total(fines.map(({ amount }) => amount.amountMinor))),
      shown: fines.filter(({ isMe }) => isMe || isOfficer(member)),
    },
    changes: events.map((event) => toChange(group, event)),
    lines,
    hash: createHash("sha256").update(lines.join("\n")).digest("hex"),
    seal,
  };
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n);

const toChange = (group: Group, { id, createdAt, kind, memberId }: EventRow): MinutesChange => ({
  id: id.toString(),
  at: createdAt,
  kind: kind as MinutesChange["kind"],
  member: nameOf(group, memberId),
});
