import type { Reader } from "@/db/client";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireUser } from "../../context";
import { readGroup } from "../groups/group";
import { type MemberRow, selectTontinesOf, type TontineRow } from "../groups/store";
import { GONE_STATES, type TontineState } from "../kinds";
import { openMinor, selectOpenDues, selectTurns, selectTurnsOfShares } from "../turns/store";
import { countPaid, currentOf, selectContributions } from "./current-turn";
import { selectNextDue } from "./store";
import { type TurnView, turnViews } from "./view";

/** Groups that one page lists. */
const LISTED_MAX = 50;

/** A group in the list of one of its members. */
export interface SummaryCard {
  code: string;
  name: string;
  state: TontineState<"group">;
  zone: string;
  contribution: Money;
  shareCount: number;
  turnCount: number;
  /** The turn under way; null before the start and after the end. */
  turn: TurnView | null;
  paidCount: number;
  dueCount: number;
  /** What the viewer owes of turns that were called; `dueAt` is the earliest. */
  owes: { amount: Money; dueAt: Date; isLate: boolean } | null;
  /** True while the viewer has not signed the rules. */
  isUnsigned: boolean;
}

const OVER: readonly string[] = ["closed", "cancelled"];

/** The groups of the person who asks, those that go on first, newest first. Throws `unauthenticated`. */
export async function listSummaries(context: Context): Promise<SummaryCard[]> {
  const own = await selectTontinesOf(context.db, requireUser(context), LISTED_MAX);
  const seen = own.filter(({ member }) => !GONE_STATES.includes(member.state));
  const cards = await Promise.all(seen.map((each) => toCard(context.db, each.tontine, each.member)));
  return cards.sort((a, b) => Number(OVER.includes(a.state)) - Number(OVER.includes(b.state)));
}

export interface NextDue {
  code: string;
  name: string;
  zone: string;
  /** All that the person owes in this group. */
  amount: Money;
  dueAt: Date;
  isLate: boolean;
}

/** What the person owes next, in the group where it is due first; null when nothing. Throws `unauthenticated`. */
export async function findNextDue(context: Context): Promise<NextDue | null> {
  const due = await selectNextDue(context.db, requireUser(context));
  if (!due) return null;
  const { currency, amountMinor, ...more } = due;
  return { ...more, amount: money(amountMinor, currency) };
}

async function toCard(reader: Reader, tontine: TontineRow, member: MemberRow): Promise<SummaryCard> {
  const group = await readGroup(reader, tontine);
  const [rows, turnOfShare, open] = await Promise.all([
    selectTurns(reader, group.cycle.id),
    selectTurnsOfShares(reader, group.cycle.id),
    selectOpenDues(reader, tontine.id),
  ]);
  const turns = turnViews(group, member, rows, turnOfShare);
  const current = currentOf(rows);
  const contributions = current ? await selectContributions(reader, current.id) : [];
  const mine = open.filter(({ memberId }) => memberId === member.id);
  const [first] = mine;
  return {
    code: tontine.code,
    name: tontine.name,
    state: tontine.state as TontineState<"group">,
    zone: tontine.zone,
    contribution: money(group.cycle.contributionMinor, tontine.currency),
    shareCount: group.cycle.shareCount,
    turnCount: turns.length,
    turn: turns.find(({ number }) => number === current?.number) ?? null,
    paidCount: countPaid(contributions),
    dueCount: contributions.length,
    owes: first
      ? {
          amount: money(
            mine.reduce((sum, due) => sum + openMinor(due), 0n),
            tontine.currency,
          ),
          dueAt: first.dueAt,
          isLate: mine.some(({ state }) => state === "late"),
        }
      : null,
    isUnsigned: member.state === "invited",
  };
}
