/** What a group's journal tells: notices, minutes and outgoing webhooks read it. */
export const TONTINE_EVENTS = [
  "group.created",
  "group.invited",
  "group.started",
  "group.closing",
  "group.closed",
  "group.cancelled",
  "rules.proposed",
  "member.joined",
  "member.signed",
  "member.roles",
  "member.late",
  "member.defaulted",
  "member.leaving",
  "member.staying",
  "member.left",
  "due.called",
  "due.paid",
  "due.late",
  "due.covered",
  "fine.assessed",
  "turn.called",
  "turn.complete",
  "turn.short",
  "turn.paid",
  "turn.confirmed",
  "turn.closed",
  "approval.needed",
  "approval.given",
  "payout.posted",
  "payout.stale",
  "payout.refused",
  "debt.opened",
  "debt.repaid",
  "mandate.given",
  "mandate.ended",
  "mandate.suspended",
  "mandate.failed",
  "guarantee.offered",
  "guarantee.signed",
  "guarantee.declined",
  "guarantee.called",
  "swap.offered",
  "swap.accepted",
  "swap.applied",
  "swap.declined",
  "swap.lapsed",
  "handover.offered",
  "handover.accepted",
  "handover.applied",
  "handover.declined",
  "handover.lapsed",
  "deposit.released",
  "owed.released",
  "share_out.paid",
] as const;

export interface TontineEvent {
  kind: (typeof TONTINE_EVENTS)[number];
  memberId?: bigint;
  turnId?: bigint;
  dueId?: bigint;
  payoutId?: bigint;
  amountMinor?: bigint;
  /** JSON without names, numbers or secrets. */
  details?: Record<string, string | number | boolean | null>;
}
