/** What carries a notice out of the app; the page of notices shows every one. */
export const NOTICE_CHANNELS = ["push", "email", "sms"] as const;

export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

interface Group {
  /** Channels of people who chose nothing. */
  defaults: readonly NoticeChannel[];
  /** Also at night, and to every verified address: a person can't switch off what tells of a stranger in the account. */
  isSecurity: boolean;
}

/** What people choose channels for. A text message costs the deployment money, so it is used for what can't wait for the app. */
export const NOTICE_GROUPS = {
  money_in: { defaults: ["push", "email", "sms"], isSecurity: false },
  money_out: { defaults: ["push", "email"], isSecurity: false },
  /** Money that came back or is late, and what an operator decided about it. */
  problems: { defaults: ["push", "email", "sms"], isSecurity: false },
  vaults: { defaults: ["push", "email"], isSecurity: false },
  requests: { defaults: ["push", "email"], isSecurity: false },
  /** Files that the person asked for. */
  files: { defaults: ["push", "email"], isSecurity: false },
  /** That a month's statement can be read: written for those who chose a channel only. */
  monthly_statements: { defaults: [], isSecurity: false },
  /** What somebody has to pay to a tontine, told to them alone. */
  tontine_dues: { defaults: ["push", "email", "sms"], isSecurity: false },
  /** What happens in a tontine. */
  tontines: { defaults: ["push", "email"], isSecurity: false },
  security: { defaults: ["push", "email", "sms"], isSecurity: true },
} as const satisfies Record<string, Group>;

export type NoticeGroup = keyof typeof NOTICE_GROUPS;

/** Every kind of notice, and the group whose channels it takes. */
export const NOTICE_KINDS = {
  deposit_credited: "money_in",
  transfer_received: "money_in",
  transfer_sent: "money_out",
  withdrawal_paid: "money_out",
  withdrawal_refunded: "problems",
  withdrawal_stuck: "problems",
  withdrawal_in_review: "problems",
  deposit_failed: "problems",
  deposit_in_review: "problems",
  deposit_assigned: "problems",
  deposit_disputed: "problems",
  deposit_taken_back: "problems",
  deposit_kept: "problems",
  owed_paid: "problems",
  wallet_frozen: "problems",
  wallet_unfrozen: "problems",
  vault_unlocked: "vaults",
  money_requested: "requests",
  money_request_paid: "requests",
  money_request_declined: "requests",
  statement_ready: "files",
  statement_failed: "files",
  data_copy_ready: "files",
  monthly_statement: "monthly_statements",
  tontine_due_called: "tontine_dues",
  tontine_due_soon: "tontine_dues",
  tontine_due_today: "tontine_dues",
  tontine_due_late: "tontine_dues",
  tontine_mandate_suspended: "tontine_dues",
  tontine_paid_for: "tontines",
  tontine_started: "tontines",
  tontine_rules: "tontines",
  tontine_draw_frozen: "tontines",
  tontine_draw_typed: "tontines",
  tontine_draw_refused: "tontines",
  tontine_drawn: "tontines",
  tontine_approval: "tontines",
  tontine_payout: "tontines",
  tontine_received: "tontines",
  tontine_invited: "tontines",
  tontine_swap_offered: "tontines",
  tontine_place_offered: "tontines",
  tontine_guarantee_asked: "tontines",
  tontine_guarantee_signed: "tontines",
  tontine_countersign: "tontines",
  tontine_offer_accepted: "tontines",
  tontine_offer_declined: "tontines",
  tontine_offer_lapsed: "tontines",
  tontine_change_applied: "tontines",
  tontine_kept: "tontine_dues",
  tontine_kept_for: "tontines",
  tontine_returned: "tontines",
  tontine_deferred: "tontines",
  tontine_closing: "tontines",
  tontine_cancelled: "tontines",
  tontine_vote: "tontines",
  tontine_vote_soon: "tontines",
  tontine_vote_adopted: "tontines",
  tontine_vote_rejected: "tontines",
  tontine_vote_about_you: "tontine_dues",
  tontine_waived: "tontines",
  tontine_dispute: "tontines",
  tontine_dispute_overdue: "tontines",
  tontine_dispute_settled: "tontines",
  limits_reached: "security",
  password_changed: "security",
  password_recovered: "security",
  pin_set: "security",
  pin_changed: "security",
  pin_reset_requested: "security",
  pin_reset_done: "security",
  phone_added: "security",
  phone_changed: "security",
  phone_moved_away: "security",
  email_added: "security",
  email_moved_away: "security",
  email_changed: "security",
  new_device: "security",
  api_key_made: "security",
  api_key_revoked: "security",
  passkey_added: "security",
  passkey_removed: "security",
  totp_enabled: "security",
  totp_disabled: "security",
  data_copy_requested: "security",
} as const satisfies Record<string, NoticeGroup>;

export type NoticeKind = keyof typeof NOTICE_KINDS;

/** Types and states are those of operations/kinds.ts, which this module can't import: operations name people, as identity does. */
interface OperationNotice {
  type: string;
  /** The states that it comes from; null for the operation's first event. */
  from: readonly string[] | null;
  to: string;
  party: "owner" | "counterparty";
  kind: NoticeKind;
}

/** Which change of an operation tells whom what: the rows of the database's operation_notices, by which a trigger writes them. */
export const OPERATION_NOTICES = [
  {
    type: "deposit",
    from: ["pending", "failed", "expired", "review"],
    to: "succeeded",
    party: "owner",
    kind: "deposit_credited",
  },
  { type: "deposit", from: ["pending"], to: "failed", party: "owner", kind: "deposit_failed" },
  { type: "deposit", from: ["review"], to: "failed", party: "owner", kind: "deposit_assigned" },
  {
    type: "deposit",
    from: ["pending", "failed", "expired"],
    to: "review",
    party: "owner",
    kind: "deposit_in_review",
  },
  {
    type: "deposit",
    from: ["succeeded", "taken_back", "kept"],
    to: "disputed",
    party: "owner",
    kind: "deposit_disputed",
  },
  { type: "deposit", from: ["disputed"], to: "taken_back", party: "owner", kind: "deposit_taken_back" },
  { type: "deposit", from: ["disputed"], to: "kept", party: "owner", kind: "deposit_kept" },
  {
    type: "withdrawal",
    from: ["created", "submitting", "submitted", "unknown", "conflict"],
    to: "paid",
    party: "owner",
    kind: "withdrawal_paid",
  },
  {
    type: "withdrawal",
    from: ["submitting", "submitted", "unknown", "reversed", "conflict"],
    to: "refunded",
    party: "owner",
    kind: "withdrawal_refunded",
  },
  { type: "withdrawal", from: ["refunded"], to: "conflict", party: "owner", kind: "withdrawal_in_review" },
  { type: "transfer", from: null, to: "succeeded", party: "owner", kind: "transfer_sent" },
  { type: "transfer", from: null, to: "succeeded", party: "counterparty", kind: "transfer_received" },
] as const satisfies readonly OperationNotice[];

/** Kinds that the database writes; verbs record the others. */
export type OperationNoticeKind = (typeof OPERATION_NOTICES)[number]["kind"];
