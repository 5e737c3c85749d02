import type { Reader } from "@/db/client";
import { type Money, money } from "@/lib/money/money";
import type { HandoverRow, SwapRow } from "../changes/store";
import { placeTokenOf } from "../code";
import type { Group } from "../groups/group";
import type { MemberRow } from "../groups/store";
import { type GuaranteeRow, selectDebts } from "../money/store";
import {
  type OwedDue,
  openMinor,
  selectOpenDues,
  selectTurns,
  selectTurnsOfShares,
  type TurnRow,
} from "../turns/store";

export type ChangeKind = "swap" | "handover" | "guarantee" | "leaving";

interface ChangeSide {
  memberId: string;
  name: string;
  isMe: boolean;
}

/** A change of a group's places or promises that members agree on. */
export interface ChangeView {
  kind: ChangeKind;
  /** Of the offer; for a request to leave, of the member. */
  id: string;
  state: string;
  /** Who asks. */
  from: ChangeSide;
  /** Who is asked; null for a place that waits for whoever has its link, and for a request to leave. */
  to: ChangeSide | null;
  /** The turn of who asks, and for a swap that of the other one. */
  fromTurn: { number: number; dueAt: Date } | null;
  toTurn: { number: number; dueAt: Date } | null;
  /** What a swap gives the other side, or what a guarantee covers. */
  amount: Money;
  /** What is still to be paid for the place that is handed over. */
  arrears: Money;
  /** Null where nothing lapses. */
  expiresAt: Date | null;
  /** What the viewer is asked to do, with the PIN. */
  may: "accept" | "countersign" | null;
  /** The viewer may end it. */
  mayEnd: boolean;
  /** Somebody owes, so nothing can be countersigned: told to officers, and to who owes. */
  isHeldUp: boolean;
  /** Of the link of a place that nobody has taken: for who offers it and officers. */
  token: string | null;
}

/** What all changes of a group are described by. */
export interface ChangeFacts {
  group: Group;
  viewer: MemberRow;
  turns: readonly TurnRow[];
  turnOfShare: ReadonlyMap<bigint, TurnRow>;
  open: readonly OwedDue[];
  /** Members who owe. */
  debtors: ReadonlySet<bigint>;
  now: Date;
}

export async function readFacts(
  reader: Reader,
  { group, viewer, now }: Pick<ChangeFacts, "group" | "viewer" | "now">,
): Promise<ChangeFacts> {
  const [turns, turnOfShare, open, debts] = await Promise.all([
    selectTurns(reader, group.cycle.id),
    selectTurnsOfShares(reader, group.cycle.id),
    selectOpenDues(reader, group.tontine.id),
    selectDebts(reader, group.tontine.id),
  ]);
  const owing = debts.filter(({ amountMinor, repaidMinor }) => repaidMinor < amountMinor);
  const debtors = new Set([
    ...open.map(({ memberId }) => memberId),
    ...owing.map(({ debtorMemberId }) => debtorMemberId),
  ]);
  return { group, viewer, turns, turnOfShare, open, debtors, now };
}

/** An office that countersigns: any but the auditor's. */
export const countersigns = ({ roles }: Pick<MemberRow, "roles">): boolean =>
  roles.some((role) => role !== "auditor");

const turnView = (turn: TurnRow | undefined) => turn && { number: turn.number, dueAt: turn.dueAt };

function sideOf({ group, viewer }: ChangeFacts, memberId: bigint): ChangeSide {
  const name = group.members.get(memberId)?.name ?? "";
  return { memberId: memberId.toString(), name, isMe: memberId === viewer.id };
}

interface Basis {
  kind: ChangeKind;
  id: bigint;
  state: string;
  from: bigint;
  to: bigint | null;
  expiresAt: Date | null;
  /** Members who must owe nothing before it is countersigned. */
  mustBeClear: readonly bigint[];
}

function base(facts: ChangeFacts, basis: Basis): ChangeView {
  const { group, viewer, debtors, now } = facts;
  const { kind, id, state, from, to, expiresAt, mustBeClear } = basis;
  const isOver = expiresAt !== null && expiresAt <= now;
  const isSide = from === viewer.id || to === viewer.id;
  const isOpen = !isOver && (state === "offered" || (state === "accepted" && kind !== "guarantee"));
  const mayAccept = isOpen && state === "offered" && to === viewer.id;
  const mayCountersign = isOpen && state === "accepted" && countersigns(viewer) && !isSide;
  const owing = mustBeClear.filter((member) => debtors.has(member));
  return {
    ...{ kind, id: id.toString(), state: isOver && isAlive(state) ? "lapsed" : state, expiresAt },
    from: sideOf(facts, from),
    to: to === null ? null : sideOf(facts, to),
    ...{ fromTurn: null, toTurn: null, token: null },
    amount: money(0n, group.tontine.currency),
    arrears: money(0n, group.tontine.currency),
    may: mayAccept ? "accept" : mayCountersign ? "countersign" : null,
    mayEnd: isOpen && (isSide || (kind !== "guarantee" && countersigns(viewer))),
    isHeldUp: isOpen && owing.some((member) => member === viewer.id || countersigns(viewer)),
  };
}

const isAlive = (state: string): boolean => state === "offered" || state === "accepted";

export function swapView(facts: ChangeFacts, swap: SwapRow): ChangeView {
  const { group, turns } = facts;
  const memberOf = (holderId: bigint) => group.holders.find(({ id }) => id === holderId)?.memberId ?? 0n;
  const [from, to] = [memberOf(swap.fromHolderId), memberOf(swap.toHolderId)];
  const { id, state, expiresAt } = swap;
  return {
    ...base(facts, { kind: "swap", id, state, from, to, expiresAt, mustBeClear: [from, to] }),
    fromTurn: turnView(turns.find((turn) => turn.id === swap.fromTurnId)) ?? null,
    toTurn: turnView(turns.find((turn) => turn.id === swap.toTurnId)) ?? null,
    amount: money(swap.considerationMinor, group.tontine.currency),
  };
}

export function handoverView(facts: ChangeFacts, handover: HandoverRow): ChangeView {
  const { group, viewer, turnOfShare, open } = facts;
  const { id, state, expiresAt, fromMemberId: from, toMemberId: to, holderId } = handover;
  const view = base(facts, { kind: "handover", id, state, from, to, expiresAt, mustBeClear: [] });
  const holder = group.holders.find((each) => each.id === holderId);
  const arrears = open
    .filter((due) => due.holderId === holderId)
    .reduce((sum, due) => sum + openMinor(due), 0n);
  const seesLink = from === viewer.id || countersigns(viewer);
  return {
    ...view,
    fromTurn: turnView(holder && turnOfShare.get(holder.shareId)) ?? null,
    arrears: money(arrears, group.tontine.currency),
    token: view.state === "offered" && to === null && seesLink ? placeTokenOf(id) : null,
  };
}

export function guaranteeView(facts: ChangeFacts, guarantee: GuaranteeRow): ChangeView {
  const { id, state, memberId: from, guarantorMemberId: to, amountMinor } = guarantee;
  return {
    ...base(facts, { kind: "guarantee", id, state, from, to, expiresAt: null, mustBeClear: [] }),
    amount: money(amountMinor, facts.group.tontine.currency),
  };
}

/** A request to leave: an officer who isn't the member countersigns it. */
export function leavingView(facts: ChangeFacts, member: MemberRow): ChangeView {
  const { group, turnOfShare } = facts;
  const state = member.state === "left" ? "applied" : "accepted";
  const holder = group.holders.find(({ memberId }) => memberId === member.id);
  const basis = { id: member.id, from: member.id, to: null, expiresAt: null, mustBeClear: [member.id] };
  return {
    ...base(facts, { kind: "leaving", state, ...basis }),
    fromTurn: turnView(holder && turnOfShare.get(holder.shareId)) ?? null,
  };
}
