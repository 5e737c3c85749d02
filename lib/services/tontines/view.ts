import { type Money, money } from "@/lib/money/money";
import type { Group } from "./groups/group";
import type { HolderRow, MemberRow } from "./groups/store";
import type { TontineState } from "./kinds";
import { type OwedDue, openMinor, type TurnRow } from "./turns/store";

/** Somebody in a group, as its members see them. */
export interface MemberView {
  id: bigint;
  name: string;
  roles: string[];
  state: TontineState<"member">;
  /** False for a member without an account. */
  hasAccount: boolean;
  isMe: boolean;
  /** Whole shares and halves: 1, 0.5, 2.5. */
  shares: number;
  /** Only officers are told. */
  phone: string | null;
}

export interface TurnView {
  id: bigint;
  number: number;
  kind: "rotation" | "refund";
  state: TontineState<"turn">;
  /** In the group's zone. */
  dueOn: string;
  dueAt: Date;
  closesAt: Date;
  /** Who takes. */
  receivers: { memberId: bigint; name: string; isMe: boolean }[];
}

export interface DueView {
  id: bigint;
  turnNumber: number;
  kind: OwedDue["kind"];
  state: TontineState<"due">;
  memberId: bigint;
  name: string;
  isMe: boolean;
  amount: Money;
  paid: Money;
  covered: Money;
  /** What is still asked for. */
  open: Money;
  dueAt: Date;
}

export function sharesOf(holders: readonly HolderRow[], memberId: bigint): number {
  return (
    holders.filter((holder) => holder.memberId === memberId).reduce((sum, { halves }) => sum + halves, 0) / 2
  );
}

export function toMemberView(group: Group, member: MemberRow, viewer: MemberRow | null): MemberView {
  const isMe = member.id === viewer?.id;
  return {
    id: member.id,
    name: member.name,
    roles: member.roles,
    state: member.state as TontineState<"member">,
    hasAccount: member.userId !== null,
    isMe,
    shares: sharesOf(group.holders, member.id),
    phone: viewer && viewer.roles.length > 0 ? member.phone : null,
  };
}

export function toTurnView(
  group: Group,
  turn: TurnRow,
  shareIds: ReadonlySet<bigint>,
  viewer: MemberRow | null,
): TurnView {
  const { id, number, kind, dueOn, dueAt, closesAt } = turn;
  return {
    id,
    number,
    kind,
    state: turn.state as TontineState<"turn">,
    dueOn,
    dueAt,
    closesAt,
    receivers: group.holders
      .filter(({ shareId }) => shareIds.has(shareId))
      .map(({ memberId }) => ({ memberId, name: nameOf(group, memberId), isMe: memberId === viewer?.id })),
  };
}

export function toDueView(group: Group, due: OwedDue, viewer: MemberRow): DueView {
  const { currency } = group.tontine;
  return {
    id: due.id,
    turnNumber: due.turnNumber,
    kind: due.kind,
    state: due.state as TontineState<"due">,
    memberId: due.memberId,
    name: nameOf(group, due.memberId),
    isMe: due.memberId === viewer.id,
    amount: money(due.amountMinor, currency),
    paid: money(due.paidMinor, currency),
    covered: money(due.coveredMinor, currency),
    open: money(openMinor(due), currency),
    dueAt: due.dueAt,
  };
}

export const nameOf = (group: Group, memberId: bigint): string => group.members.get(memberId)?.name ?? "";
