import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { readOwnGroup, requireRole } from "../groups/group";
import { TONTINE_ROLES } from "../kinds";
import { type OwedDue, openMinor, selectDuesOfTurn, selectOpenDues, selectTurns } from "../turns/store";
import { currentOf } from "./current-turn";

/** A member in the roll of a meeting. */
export interface RollRow {
  memberId: string;
  name: string;
  isMe: boolean;
  hasAccount: boolean;
  /** What is open of turns that were called, the oldest first. */
  dues: readonly { id: string; kind: OwedDue["kind"]; turn: number; open: Money; isLate: boolean }[];
  open: Money;
  /** What was paid into the turn under way. */
  paid: Money;
}

export interface Meeting {
  code: string;
  name: string;
  currency: Currency;
  zone: string;
  /** The turn under way; null before the start and after the end. */
  turn: { number: number; dueAt: Date } | null;
  roll: readonly RollRow[];
  paid: Money;
  open: Money;
}

/** The roll of dues, for officers. Throws `unauthenticated`, `not_found`, and `tontine_role_missing` for other members. */
export async function getMeeting(context: Context, code: string): Promise<Meeting> {
  const { group, member } = await readOwnGroup(context, code);
  requireRole(member, ...TONTINE_ROLES);
  const { tontine, members, holders, cycle } = group;
  const current = currentOf(await selectTurns(context.db, cycle.id));
  const [open, ofTurn] = [
    await selectOpenDues(context.db, tontine.id),
    current ? await selectDuesOfTurn(context.db, current.id) : [],
  ];
  const amountOf = (minor: bigint) => money(minor, tontine.currency);
  const holding = new Set(holders.map(({ memberId }) => memberId));
  const roll = [...members.values()]
    .filter(({ id }) => holding.has(id))
    .map((each): RollRow => {
      const dues = open.filter(({ memberId }) => memberId === each.id);
      const paid = ofTurn.filter(({ memberId }) => memberId === each.id);
      return {
        memberId: each.id.toString(),
        name: each.name,
        isMe: each.id === member.id,
        hasAccount: each.userId !== null,
        dues: dues.map((due) => ({
          id: due.id.toString(),
          kind: due.kind,
          turn: due.turnNumber,
          open: amountOf(openMinor(due)),
          isLate: due.state === "late",
        })),
        open: amountOf(sum(dues, openMinor)),
        paid: amountOf(sum(paid, (due) => due.paidMinor + due.coveredMinor)),
      };
    });
  return {
    code: tontine.code,
    name: tontine.name,
    currency: tontine.currency,
    zone: tontine.zone,
    turn: current && { number: current.number, dueAt: current.dueAt },
    roll,
    paid: amountOf(sum(ofTurn, (due) => due.paidMinor + due.coveredMinor)),
    open: amountOf(sum(open, openMinor)),
  };
}

const sum = (dues: readonly OwedDue[], of: (due: OwedDue) => bigint): bigint =>
  dues.reduce((total, due) => total + of(due), 0n);
