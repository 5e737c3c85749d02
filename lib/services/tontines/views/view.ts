import type { Day } from "@/lib/day-range";
import { type Money, money } from "@/lib/money/money";
import { dueDays, instantOf } from "../calendar";
import type { Group } from "../groups/group";
import type { HolderRow, MemberRow } from "../groups/store";
import type { TontineState } from "../kinds";
import { type OwedDue, openMinor, type TurnRow } from "../turns/store";

export interface MemberView {
  id: string;
  /** First name and initial of an account, else what an officer typed. */
  name: string;
  isMe: boolean;
  roles: readonly string[];
  state: TontineState<"member">;
  hasAccount: boolean;
  /** Whole shares are two. */
  halves: number;
}

/** A turn; before the start as the order and the calendar say. */
export interface TurnView {
  number: number;
  kind: TurnRow["kind"];
  state: TontineState<"turn">;
  dueOn: Day;
  dueAt: Date;
  receivers: readonly { memberId: string; name: string; isMe: boolean }[];
}

export type DueState = "paid" | "covered" | "awaited" | "late";

/** A due of the viewer, or one that they may pay for somebody. */
export interface DueView {
  id: string;
  turn: number;
  kind: OwedDue["kind"];
  state: TontineState<"due">;
  isLate: boolean;
  memberId: string;
  amount: Money;
  open: Money;
  dueAt: Date;
}

export const isOfficer = ({ roles }: Pick<MemberRow, "roles">): boolean => roles.length > 0;

/** What a member may know of another one's state: who is late is told to the debtor alone and to officers. */
const SHOWN: Partial<Record<string, TontineState<"member">>> = { late: "active", defaulted: "active" };

export function memberViews(group: Group, viewer: MemberRow): MemberView[] {
  return [...group.members.values()].map((member) => {
    const isMe = member.id === viewer.id;
    const state = member.state as TontineState<"member">;
    return {
      id: member.id.toString(),
      name: member.name,
      isMe,
      roles: member.roles,
      state: isMe || isOfficer(viewer) ? state : (SHOWN[state] ?? state),
      hasAccount: member.userId !== null,
      halves: halvesOf(group.holders, member.id),
    };
  });
}

export const halvesOf = (holders: readonly HolderRow[], memberId: bigint): number =>
  holders.filter((holder) => holder.memberId === memberId).reduce((sum, { halves }) => sum + halves, 0);

/** The turns of a group: its rows, or before the start what they will be. */
export function turnViews(
  group: Group,
  viewer: Pick<MemberRow, "id"> | null,
  rows: readonly TurnRow[],
  turnOfShare: ReadonlyMap<bigint, TurnRow>,
): TurnView[] {
  const receivers = (isOf: (holder: HolderRow) => boolean) => {
    const ids = [...new Set(group.holders.filter(isOf).map(({ memberId }) => memberId))];
    return ids.map((id) => ({
      memberId: id.toString(),
      name: group.members.get(id)?.name ?? "",
      isMe: id === viewer?.id,
    }));
  };
  if (rows.length > 0) {
    return rows.map(({ id, number, kind, state, dueOn, dueAt }) => ({
      number,
      kind,
      state: state as TontineState<"turn">,
      dueOn,
      dueAt,
      receivers: receivers(({ shareId }) => turnOfShare.get(shareId)?.id === id),
    }));
  }
  const { calendar, cycle, tontine } = group;
  const days = dueDays(calendar, Math.ceil(cycle.shareCount / cycle.sharesPerTurn));
  return days.map((dueOn, index) => ({
    number: index + 1,
    kind: "rotation",
    state: "planned",
    dueOn,
    dueAt: instantOf(dueOn, calendar.time, tontine.zone),
    receivers: receivers(({ position }) => Math.floor((position - 1) / cycle.sharesPerTurn) === index),
  }));
}

/** A member who looks at dues. */
export type DueViewer = Pick<MemberRow, "id" | "roles"> & {
  /** They receive in a turn that was declared short: they see whose share is missing. */
  isShort?: boolean;
};

/** A turn whose pot is paid out before all of it has come. */
export const isShort = ({ state }: Pick<TurnRow, "state">): boolean =>
  ["short", "approved", "part_paid"].includes(state);

/** How the group sees a due: `late` only for the debtor, for officers, and for who receives a short pot. */
export function shownState(
  { state, memberId }: Pick<OwedDue, "state" | "memberId">,
  viewer: DueViewer,
): DueState {
  if (state === "paid" || state === "repaid" || state === "waived" || state === "returned") return "paid";
  if (state === "covered") return "covered";
  const isSeen = memberId === viewer.id || isOfficer(viewer) || viewer.isShort === true;
  return state === "late" && isSeen ? "late" : "awaited";
}

export function toDueView(group: Group, due: OwedDue): DueView {
  const { currency } = group.tontine;
  return {
    id: due.id.toString(),
    turn: due.turnNumber,
    kind: due.kind,
    state: due.state as TontineState<"due">,
    isLate: due.state === "late",
    memberId: due.memberId.toString(),
    amount: money(due.amountMinor, currency),
    open: money(openMinor(due), currency),
    dueAt: due.dueAt,
  };
}
