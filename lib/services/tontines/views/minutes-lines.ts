import type { Group } from "../groups/group";
import type { PayoutRow } from "../payouts/store";
import type { OwedDue, TurnRow } from "../turns/store";
import type { EventRow, NamedApproval, PaymentOfTurn } from "./store";

export interface MinutesRows {
  turn: TurnRow;
  dues: readonly OwedDue[];
  payments: readonly PaymentOfTurn[];
  payouts: readonly PayoutRow[];
  approvals: readonly NamedApproval[];
  events: readonly EventRow[];
}

/**
 * The canonical lines of minutes: ids, names, amounts in minor units and times in UTC, in the order of the rows. Fines are counted only, since
 * every member may read these lines. Signatures are bound to their hash.
 */
export function minutesLines(
  group: Group,
  { turn, dues, payments, payouts, approvals, events }: MinutesRows,
): string[] {
  const { tontine } = group;
  const fines = dues.filter(({ kind }) => kind === "fine");
  const roll = dues.filter(({ kind }) => kind !== "fine");
  const ids = new Set(roll.map(({ id }) => id));
  return [
    ["minutes/1", tontine.code, tontine.currency, turn.number, turn.kind, turn.dueAt],
    ...roll.map(({ id, kind, memberId, amountMinor, waivedMinor }) => {
      return ["due", id, kind, memberId, nameOf(group, memberId), amountMinor, waivedMinor];
    }),
    ...payments
      .filter(({ dueId }) => ids.has(dueId))
      .map(({ id, dueId, amountMinor, via, payerMemberId, paidAt }) => {
        return ["payment", id, dueId, amountMinor, via, payerMemberId, paidAt];
      }),
    ...payouts.flatMap((payout) => [
      payoutLine(group, payout),
      ...approvals
        .filter(({ payoutId }) => payoutId === payout.id)
        .map(({ memberId, name, approvedAt }) => ["approval", payout.id, memberId, name, approvedAt]),
    ]),
    ["fines", fines.length, sum(fines.map(({ amountMinor }) => amountMinor))],
    ...events.map(({ id, kind, memberId, createdAt }) => {
      return ["change", id, kind, memberId, nameOf(group, memberId), createdAt];
    }),
  ].map((cells) => JSON.stringify(cells, bigintAsText));
}

function payoutLine(group: Group, payout: PayoutRow): (string | number | bigint | Date | null)[] {
  const { id, instalment, memberId, amountMinor, keptMinor, nettedMinor, retainedMinor } = payout;
  const { state, reason, postedAt } = payout;
  const amounts = [amountMinor, keptMinor, nettedMinor, retainedMinor];
  return ["payout", id, instalment, memberId, nameOf(group, memberId), ...amounts, state, reason, postedAt];
}

const bigintAsText = (_name: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, each) => total + each, 0n);

export const nameOf = ({ members }: Group, id: bigint | null): string | null =>
  id === null ? null : (members.get(id)?.name ?? null);
