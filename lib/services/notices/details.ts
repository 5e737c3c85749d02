import type { Currency } from "@/lib/money/currency";
import type { NoticeKind, OperationNoticeKind } from "./kinds";

interface Nothing {
  readonly [key: string]: never;
}

interface RequestedMoney {
  /** The other person as people are shown: first name and initial. */
  name: string;
  /** Minor units, in decimal digits. */
  amountMinor: string;
  currency: Currency;
}

/** Which group, by its code and name. */
interface OfTontine {
  code: string;
  group: string;
}

interface TontineAmount extends OfTontine {
  amountMinor: string;
  currency: Currency;
}

/** Of a change in a group: the other person's name, the sum if there is one, and the page below the group's that has it. */
interface TontineChange extends TontineAmount {
  name: string;
  page: "changes";
}

interface TontineDue extends TontineAmount {
  /** Until when it is to be paid: an instant, and the group's zone. */
  dueAt: string;
  zone: string;
}

interface DetailsByKind {
  withdrawal_stuck: { reference: string; amountMinor: string; currency: Currency };
  /** Money that came in and paid what the wallet owed. */
  owed_paid: { amountMinor: string; currency: Currency };
  wallet_frozen: Nothing;
  wallet_unfrozen: Nothing;
  vault_unlocked: { vaultId: string; name: string };
  money_requested: RequestedMoney & { requestId: string };
  money_request_paid: RequestedMoney & { requestId: string };
  money_request_declined: RequestedMoney & { requestId: string };
  statement_ready: { fileId: string };
  statement_failed: Nothing;
  data_copy_ready: { fileId: string };
  data_copy_requested: Nothing;
  /** `2026-11`. */
  monthly_statement: { month: string };
  tontine_due_called: TontineDue;
  tontine_due_soon: TontineDue;
  tontine_due_today: TontineDue;
  /** Never told to anybody but the debtor. */
  tontine_due_late: TontineDue;
  tontine_mandate_suspended: OfTontine;
  /** Somebody, by name, paid a due of the person who is told. */
  tontine_paid_for: TontineAmount & { name: string };
  tontine_started: OfTontine;
  tontine_rules: OfTontine;
  /** The first digits of the sheet's SHA-256, and when its randomness is published. */
  tontine_draw_frozen: OfTontine & { digits: string; dueAt: string; zone: string };
  /** The officer who typed a lotto's numbers. */
  tontine_draw_typed: OfTontine & { name: string };
  tontine_draw_refused: OfTontine;
  tontine_drawn: OfTontine;
  /** The receiver's name. */
  tontine_approval: TontineAmount & { name: string; payoutId: string };
  tontine_payout: TontineAmount & { name: string };
  /** The same, to the receiver. */
  tontine_received: TontineAmount;
  /** Who added the person, and the code by which they join. */
  tontine_invited: { name: string; group: string; join: string };
  tontine_swap_offered: TontineChange;
  tontine_place_offered: TontineChange;
  tontine_guarantee_asked: TontineChange;
  tontine_guarantee_signed: TontineChange;
  tontine_countersign: TontineChange;
  tontine_offer_accepted: TontineChange;
  tontine_offer_declined: TontineChange;
  tontine_offer_lapsed: TontineChange;
  tontine_change_applied: TontineChange;
  /** Money that a group keeps for the person, because their wallet couldn't take it. */
  tontine_kept: TontineAmount;
  /** The same for a member without an account, to officers. */
  tontine_kept_for: TontineAmount & { name: string };
  tontine_returned: OfTontine;
  tontine_deferred: OfTontine & { name: string };
  tontine_closing: OfTontine;
  tontine_cancelled: OfTontine;
  /** Until when the vote lasts: an instant, and the group's zone. */
  tontine_vote: OfTontine & { page: string; dueAt: string; zone: string };
  tontine_vote_soon: OfTontine & { page: string; dueAt: string; zone: string };
  tontine_vote_adopted: OfTontine & { page: string };
  tontine_vote_rejected: OfTontine & { page: string };
  /** To the person concerned alone; until when the vote lasts. */
  tontine_vote_about_you: OfTontine & { page: string; dueAt: string; zone: string };
  /** To officers. */
  tontine_dispute: OfTontine & { page: string };
  tontine_dispute_overdue: OfTontine & { page: string };
  /** To who opened it. */
  tontine_dispute_settled: OfTontine & { page: string };
  /** What a pot lost by it, to who receives that pot. */
  tontine_waived: TontineAmount & { page: string };
  /** Which limit. */
  limits_reached: { limit: "pin_tries" };
  password_changed: Nothing;
  password_recovered: Nothing;
  pin_set: Nothing;
  pin_changed: Nothing;
  pin_reset_requested: Nothing;
  pin_reset_done: Nothing;
  phone_added: Nothing;
  phone_changed: Nothing;
  phone_moved_away: Nothing;
  email_added: Nothing;
  email_moved_away: Nothing;
  email_changed: Nothing;
  /** As `describeDevice` names it. */
  new_device: { device: string };
  api_key_made: { name: string; canMoveMoney: boolean };
  /** By an operator. */
  api_key_revoked: { name: string };
  passkey_added: { name: string };
  passkey_removed: { name: string };
  totp_enabled: Nothing;
  totp_disabled: Nothing;
}

/** Kinds that verbs record; the database writes the others. */
export type RecordedNoticeKind = Exclude<NoticeKind, OperationNoticeKind>;

/** What the texts of a kind need besides who, when and what: JSON, no secret, no balance, no full number. */
export type NoticeDetails<K extends RecordedNoticeKind> = DetailsByKind[K];
