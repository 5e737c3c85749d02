import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { mayVote } from "../decisions/electorate";
import {
  type DisputeOutcome,
  type DisputeRow,
  mayRule,
  type RulingRow,
  selectDisputedDues,
  selectDisputes,
  selectRulings,
} from "../disputes/store";
import { type Group, readOwnGroup } from "../groups/group";
import type { MemberRow } from "../groups/store";
import type { TontineState } from "../kinds";
import { selectPayoutsOfGroup } from "../payouts/store";
import { DISPUTE_ANSWERED_DAYS, DISPUTE_SETTLED_DAYS, FINE_CONTESTED_DAYS } from "../policy";
import { type OwedDue, selectDuesOfMember, selectTurns, type TurnRow } from "../turns/store";

/** So many of the newest are listed. */
const DISPUTES_MAX = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface DisputeView {
  id: string;
  about: DisputeRow["about"];
  turn: number;
  /** Of a due or fine; null for others. */
  amount: Money | null;
  state: TontineState<"dispute">;
  openedBy: string;
  isMine: boolean;
  reason: string;
  answer: string | null;
  answeredBy: string | null;
  outcome: DisputeOutcome | null;
  openedAt: Date;
  answerBefore: Date;
  settleBefore: Date;
  rulings: readonly { memberId: string; name: string; outcome: DisputeOutcome }[];
  mayAnswer: boolean;
  mayRule: boolean;
  mayWithdraw: boolean;
}

/** What the viewer may object to now. */
export interface DisputeChoice {
  about: DisputeRow["about"];
  /** Of a due or payout, or the turn's number. */
  id: string;
  turn: number;
  amount: Money | null;
  name: string | null;
}

export interface DisputeList {
  code: string;
  name: string;
  zone: string;
  /** Open ones first, then the newest. */
  disputes: readonly DisputeView[];
  choices: readonly DisputeChoice[];
}

/** Disputes of a group, and what the viewer may object to, for its members. Throws `unauthenticated`, `not_found`. */
export async function listDisputes(context: Context, code: string): Promise<DisputeList> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const { db } = context;
  const [rows, turns, dues, payouts, disputed] = await Promise.all([
    selectDisputes(db, tontine.id, DISPUTES_MAX),
    selectTurns(db, group.cycle.id),
    selectDuesOfMember(db, member.id),
    selectPayoutsOfGroup(db, tontine.id),
    selectDisputedDues(db, tontine.id),
  ]);
  const rulings = await selectRulings(
    db,
    rows.map(({ id }) => id),
  );
  const known: Known = { group, viewer: member, turns, dues };
  const views: DisputeView[] = [];
  for (const row of rows) {
    const may =
      row.state !== "settled" && row.state !== "withdrawn" && (await mayRule(db, row.id, member.id));
    views.push(
      toView(
        known,
        row,
        rulings.filter(({ disputeId }) => disputeId === row.id),
        may,
      ),
    );
  }
  const isOpen = ({ state }: DisputeView) => state === "opened" || state === "answered";
  const choices = mayVote(member) ? choicesOf(known, payouts, disputed, context.now) : [];
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    disputes: [...views.filter(isOpen), ...views.filter((view) => !isOpen(view))],
    choices,
  };
}

interface Known {
  group: Group;
  viewer: MemberRow;
  turns: readonly TurnRow[];
  /** The viewer's. */
  dues: readonly OwedDue[];
}

function toView(
  { group, viewer, turns, dues }: Known,
  row: DisputeRow,
  rulings: readonly RulingRow[],
  may: boolean,
): DisputeView {
  const name = (id: bigint | null) => (id === null ? null : (group.members.get(id)?.name ?? ""));
  const isMine = row.openedByMemberId === viewer.id;
  const due = dues.find(({ id }) => id === row.dueId);
  const hasRuled = rulings.some(({ memberId }) => memberId === viewer.id);
  const after = (days: number) => new Date(row.openedAt.getTime() + days * DAY_MS);
  return {
    id: row.id.toString(),
    about: row.about,
    turn: turns.find(({ id }) => id === row.turnId)?.number ?? 0,
    amount: due ? money(due.amountMinor, group.tontine.currency) : null,
    state: row.state as TontineState<"dispute">,
    openedBy: name(row.openedByMemberId) ?? "",
    isMine,
    reason: row.reason,
    answer: row.answer,
    answeredBy: name(row.answeredByMemberId),
    outcome: row.outcome,
    openedAt: row.openedAt,
    answerBefore: after(DISPUTE_ANSWERED_DAYS),
    settleBefore: after(DISPUTE_SETTLED_DAYS),
    rulings: rulings.map(({ memberId, outcome }) => ({
      memberId: memberId.toString(),
      name: name(memberId) ?? "",
      outcome,
    })),
    mayAnswer: row.state === "opened" && viewer.roles.length > 0 && !isMine,
    mayRule: may && !hasRuled,
    mayWithdraw: isMine && (row.state === "opened" || row.state === "answered"),
  };
}

const NOT_BEGUN: readonly string[] = ["planned", "closed", "cancelled"];

/** Own fines of the last days, turns under way, and what is proposed to be paid. */
function choicesOf(
  { group, turns, dues }: Known,
  payouts: Awaited<ReturnType<typeof selectPayoutsOfGroup>>,
  disputed: ReadonlySet<bigint>,
  now: Date,
): DisputeChoice[] {
  const { currency } = group.tontine;
  if (!["running", "paused", "closing"].includes(group.tontine.state)) return [];
  const since = new Date(now.getTime() - FINE_CONTESTED_DAYS * DAY_MS);
  const numberOf = (turnId: bigint) => turns.find(({ id }) => id === turnId)?.number ?? 0;
  const fines = dues.filter(
    ({ kind, state, createdAt, id }) =>
      kind === "fine" && state !== "waived" && createdAt > since && !disputed.has(id),
  );
  return [
    ...fines.map(({ id, turnNumber, amountMinor }) => ({
      ...{ about: "fine" as const, id: id.toString(), turn: turnNumber, name: null },
      amount: money(amountMinor, currency),
    })),
    ...turns
      .filter(({ state }) => !NOT_BEGUN.includes(state))
      .map(({ number }) => ({
        ...{ about: "turn" as const, id: number.toString(), turn: number, name: null, amount: null },
      })),
    ...payouts
      .filter(({ state }) => state === "proposed")
      .map(({ id, turnId, memberId, amountMinor }) => ({
        ...{ about: "payout" as const, id: id.toString(), turn: numberOf(turnId) },
        amount: money(amountMinor, currency),
        name: group.members.get(memberId)?.name ?? "",
      })),
  ];
}
