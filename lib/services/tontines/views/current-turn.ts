import type { Reader } from "@/db/client";
import { type Money, money } from "@/lib/money/money";
import type { Group } from "../groups/group";
import type { MemberRow } from "../groups/store";
import { type OwedDue, openMinor, selectDuesOfTurn, type TurnRow } from "../turns/store";
import { selectPaidBy } from "./store";
import { type DueState, isShort, shownState, type TurnView } from "./view";

/** A share's contribution to the turn that is under way. */
export interface ContributionView {
  /** Of the due. */
  id: string;
  memberId: string;
  name: string;
  isMe: boolean;
  amount: Money;
  /** `late` only for the debtor and for officers: others read `awaited`. */
  state: DueState;
  /** When it was paid; null while it isn't. */
  paidAt: Date | null;
  dueAt: Date;
}

/** The turn that is under way: what the group waits for. */
export interface CurrentTurn extends TurnView {
  /** What all contributions add up to: the sum of the dues once it is called. */
  expected: Money;
  contributions: readonly ContributionView[];
  paidCount: number;
}

/** Turns that are being collected or wait for their payout. */
const UNDER_WAY: readonly string[] = ["called", "complete", "short", "approved"];
const ENDED: readonly string[] = ["closed", "cancelled", "deferred"];

/** The newest turn that was called and isn't paid out, else the next one, else the last one until it is closed. */
export function currentOf(rows: readonly TurnRow[]): TurnRow | null {
  return (
    rows.findLast(({ state }) => UNDER_WAY.includes(state)) ??
    rows.find(({ state }) => state === "planned") ??
    rows.findLast(({ state }) => !ENDED.includes(state)) ??
    null
  );
}

interface TurnsOfGroup {
  group: Group;
  viewer: MemberRow;
  rows: readonly TurnRow[];
  /** Of the same turns. */
  turns: readonly TurnView[];
}

/** The turn under way with its contributions, as the viewer may see them. */
export async function findCurrentTurn(
  reader: Reader,
  { group, viewer, rows, turns }: TurnsOfGroup,
): Promise<CurrentTurn | null> {
  const row = currentOf(rows);
  const turn = row && turns.find(({ number }) => number === row.number);
  if (!row || !turn) return null;
  const [dues, paid] = await Promise.all([selectContributions(reader, row.id), selectPaidBy(reader, row.id)]);
  const { currency } = group.tontine;
  const seenBy = { ...viewer, isShort: turn.receivers.some(({ isMe }) => isMe) && isShort(row) };
  const expectedMinor =
    row.state === "planned" ? plannedPot(group, row) : dues.reduce((sum, due) => sum + due.amountMinor, 0n);
  return {
    ...turn,
    expected: money(expectedMinor, currency),
    contributions: dues.map((due) => ({
      id: due.id.toString(),
      memberId: due.memberId.toString(),
      name: group.members.get(due.memberId)?.name ?? "",
      isMe: due.memberId === viewer.id,
      amount: money(due.amountMinor, currency),
      state: shownState(due, seenBy),
      paidAt: openMinor(due) === 0n ? (paid.get(due.id)?.at ?? null) : null,
      dueAt: due.dueAt,
    })),
    paidCount: countPaid(dues),
  };
}

/** The contributions of a turn, in the order in which their shares were taken. */
export async function selectContributions(reader: Reader, turnId: bigint): Promise<OwedDue[]> {
  return (await selectDuesOfTurn(reader, turnId)).filter(({ kind }) => kind === "contribution");
}

export const countPaid = (dues: readonly OwedDue[]): number =>
  dues.filter((due) => openMinor(due) === 0n).length;

/** Of a turn in which all pay. */
const plannedPot = ({ cycle }: Group, { kind }: TurnRow): bigint =>
  kind === "rotation" ? cycle.contributionMinor * BigInt(cycle.shareCount) : 0n;
