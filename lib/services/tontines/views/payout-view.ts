import { type Money, money } from "@/lib/money/money";
import type { Group } from "../groups/group";
import type { TontineState } from "../kinds";
import type { PayoutRow } from "../payouts/store";
import type { NamedApproval } from "./store";

/** What a turn pays one of its receivers, with who approved it. */
export interface PayoutView {
  id: string;
  /** As the group knows the receiver. */
  receiver: string;
  memberId: string;
  instalment: number;
  amount: Money;
  state: TontineState<"payout">;
  /** Why it was refused. */
  reason: string | null;
  /** Of the amount: kept for the receiver, used for what they owed, and left to the group. */
  kept: Money;
  netted: Money;
  retained: Money;
  approvals: readonly { name: string; memberId: string; at: Date }[];
  proposedAt: Date;
  postedAt: Date | null;
}

export function toPayoutView(
  group: Group,
  payout: PayoutRow,
  approvals: readonly NamedApproval[],
): PayoutView {
  const amountOf = (minor: bigint) => money(minor, group.tontine.currency);
  return {
    id: payout.id.toString(),
    receiver: group.members.get(payout.memberId)?.name ?? "",
    memberId: payout.memberId.toString(),
    instalment: payout.instalment,
    amount: amountOf(payout.amountMinor),
    state: payout.state as TontineState<"payout">,
    reason: payout.reason,
    kept: amountOf(payout.keptMinor),
    netted: amountOf(payout.nettedMinor),
    retained: amountOf(payout.retainedMinor),
    approvals: approvals
      .filter(({ payoutId }) => payoutId === payout.id)
      .map(({ name, memberId, approvedAt }) => ({ name, memberId: memberId.toString(), at: approvedAt })),
    proposedAt: payout.proposedAt,
    postedAt: payout.postedAt,
  };
}
