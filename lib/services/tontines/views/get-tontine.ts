import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import type { Calendar } from "../calendar";
import { inviteTokenOf } from "../code";
import { type Group, readOwnGroup } from "../groups/group";
import type { TontineState } from "../kinds";
import { selectOpenDebts } from "../money/store";
import { mayApprove, selectApprovals, selectProposed } from "../payouts/store";
import type { NamedTontine } from "../schema";
import {
  selectDuesOfMember,
  selectDuesOfTurn,
  selectOpenDues,
  selectTurns,
  selectTurnsOfShares,
  type TurnRow,
} from "../turns/store";
import {
  type DueView,
  type MemberView,
  nameOf,
  type TurnView,
  toDueView,
  toMemberView,
  toTurnView,
} from "../view";

/** A payout that waits for approval. */
export interface ProposalView {
  id: bigint;
  turnNumber: number;
  receiver: string;
  amount: Money;
  /** What an approval is bound to, in hexadecimal. */
  hash: string;
  approvedBy: string[];
  /** Whether the viewer may approve it now, and has not. */
  mayApprove: boolean;
  proposedAt: Date;
}

/** A group as one of its members sees it: what the summary of thirty seconds needs. */
export interface TontineView {
  code: string;
  name: string;
  state: TontineState<"group">;
  currency: Currency;
  zone: string;
  contribution: Money;
  calendar: Calendar;
  shareCount: number;
  rules: { fr: string; en: string; hash: string; version: number };
  me: MemberView;
  members: MemberView[];
  /** Share ids in order, with their holders' names: what `setOrder` takes. */
  order: { shareId: bigint; names: string[] }[];
  turns: TurnView[];
  /** The turn that is collected or paid out now. */
  current: { turn: TurnView; paid: number; awaited: number; pot: Money } | null;
  /** What the viewer still owes, the oldest first. */
  myDues: DueView[];
  /** What was paid by or for the viewer as contributions, and what others paid for them and wait for. */
  myPaid: Money;
  myDebts: Money;
  myAdvance: Money;
  /** Kept for the viewer: above the ceiling, a frozen wallet. */
  myOwed: Money;
  box: Money;
  solidarity: Money;
  proposals: ProposalView[];
  /** For officers, before the start: the token of the invitation's link. */
  inviteToken: string | null;
}

/** A group for one of its members. Throws `unauthenticated`, `not_found` for anybody else. */
export async function getTontine(context: Context, { code }: NamedTontine): Promise<TontineView> {
  const { group, member } = await readOwnGroup(context, code);
  const { tontine, cycle, rules, accounts } = group;
  const { currency } = tontine;
  const { db } = context;
  const turns = await selectTurns(db, cycle.id);
  const shareIds = await sharesByTurn(context, group);
  const toView = (turn: TurnRow) => toTurnView(group, turn, shareIds.get(turn.id) ?? new Set(), member);
  const open = (await selectOpenDues(db, tontine.id)).filter(({ memberId }) => memberId === member.id);
  const all = await selectDuesOfMember(db, member.id);
  const paid = all
    .filter(({ kind }) => kind === "contribution")
    .reduce((sum, { paidMinor }) => sum + paidMinor, 0n);
  const debts = await selectOpenDebts(db, member.id);
  const [box, solidarity, advance, owed] = await getBalances(db, [
    chart.tontineBox(accounts),
    chart.tontineSolidarity(accounts),
    chart.tontineAdvance(accounts, member.id),
    chart.tontineOwed(accounts, member.id),
  ]);
  const zero = money(0n, currency);
  const isOfficer = member.roles.length > 0;
  const isInviting = ["draft", "inviting", "agreed", "running"].includes(tontine.state);
  return {
    code: tontine.code,
    name: tontine.name,
    state: tontine.state as TontineState<"group">,
    currency,
    zone: tontine.zone,
    contribution: money(cycle.contributionMinor, currency),
    calendar: group.calendar,
    shareCount: cycle.shareCount,
    rules: { fr: rules.textFr, en: rules.textEn, hash: rules.hash.toString("hex"), version: rules.version },
    me: toMemberView(group, member, member),
    members: [...group.members.values()].map((each) => toMemberView(group, each, member)),
    order: orderOf(group),
    turns: turns.map(toView),
    current: await readCurrent(context, group, turns, toView),
    myDues: open.map((due) => toDueView(group, due, member)),
    myPaid: money(paid, currency),
    myDebts: money(
      debts.reduce((sum, debt) => sum + debt.amountMinor - debt.repaidMinor, 0n),
      currency,
    ),
    myAdvance: advance ?? zero,
    myOwed: owed ?? zero,
    box: box ?? zero,
    solidarity: solidarity ?? zero,
    proposals: await readProposals(context, group, turns, member.id),
    inviteToken:
      isOfficer && isInviting && tontine.inviteTokenHash !== null ? inviteTokenOf(tontine.id) : null,
  };
}

/** The shares that take in each turn. */
export async function sharesByTurn(context: Context, group: Group): Promise<Map<bigint, Set<bigint>>> {
  const byTurn = new Map<bigint, Set<bigint>>();
  for (const [shareId, { id }] of await selectTurnsOfShares(context.db, group.cycle.id)) {
    byTurn.set(id, (byTurn.get(id) ?? new Set()).add(shareId));
  }
  return byTurn;
}

function orderOf(group: Group): { shareId: bigint; names: string[] }[] {
  const names = new Map<bigint, string[]>();
  for (const { shareId, memberId } of group.holders) {
    names.set(shareId, [...(names.get(shareId) ?? []), nameOf(group, memberId)]);
  }
  return [...names].map(([shareId, of]) => ({ shareId, names: of }));
}

const OVER: readonly string[] = ["closed", "cancelled"];

async function readCurrent(
  context: Context,
  group: Group,
  turns: readonly TurnRow[],
  toView: (turn: TurnRow) => TurnView,
): Promise<TontineView["current"]> {
  const turn = turns.findLast(({ state }) => state !== "planned" && !OVER.includes(state));
  if (!turn) return null;
  const dues = (await selectDuesOfTurn(context.db, turn.id)).filter(({ kind }) => kind === "contribution");
  const awaited = dues.filter(({ state }) => ["open", "part", "late"].includes(state)).length;
  const [pot] = await getBalances(context.db, [chart.tontinePot(group.accounts, turn.id)]);
  return {
    turn: toView(turn),
    paid: dues.length - awaited,
    awaited,
    pot: pot ?? money(0n, group.tontine.currency),
  };
}

async function readProposals(
  context: Context,
  group: Group,
  turns: readonly TurnRow[],
  viewerId: bigint,
): Promise<ProposalView[]> {
  const views: ProposalView[] = [];
  for (const payout of await selectProposed(context.db, group.tontine.id)) {
    const approvals = await selectApprovals(context.db, payout.id);
    const isMine = approvals.some(({ memberId }) => memberId === viewerId);
    views.push({
      id: payout.id,
      turnNumber: turns.find(({ id }) => id === payout.turnId)?.number ?? 0,
      receiver: nameOf(group, payout.memberId),
      amount: money(payout.amountMinor, group.tontine.currency),
      hash: payout.shownHash.toString("hex"),
      approvedBy: approvals.map(({ memberId }) => nameOf(group, memberId)),
      mayApprove: !isMine && (await mayApprove(context.db, payout.id, viewerId, context.now)),
      proposedAt: payout.proposedAt,
    });
  }
  return views;
}
