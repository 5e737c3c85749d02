/**
 * Everything that can go wrong for a caller. Verbs throw codes and never sentences: pages show `errors.<code>` in the
 * reader's language, and the JSON API answers as `lib/http/error-table.ts` says.
 */
export const ERROR_CODES = [
  "validation_failed",
  "unauthenticated",
  "forbidden_origin",
  "invalid_credentials",
  "email_taken",
  "email_unverified",
  "sign_in_failed",
  "code_wrong",
  "code_expired",
  "rate_limited",
  "not_found",
  "insufficient_funds",
  "wallet_frozen",
  "money_out_limited",
  "money_keys_limited",
  "permission_missing",
  "method_not_allowed",
  "idempotency_in_progress",
  "key_limit_reached",
  "key_not_expired",
  "key_revoked",
  "key_replaced",
  "recipient_not_found",
  "recipient_is_self",
  "recovery_evidence_required",
  "pin_required",
  "pin_wrong",
  "pin_locked",
  "pin_not_set",
  "pin_reset_required",
  "passkey_refused",
  "passkey_limit_reached",
  "second_step_required",
  "second_step_on",
  "vault_locked",
  "vault_not_empty",
  "method_unavailable",
  "idempotency_mismatch",
  "quote_expired",
  "money_request_closed",
  "tontine_not_now",
  "tontine_role_missing",
  "tontine_full",
  "tontine_debt_open",
  "tontine_disputed",
  "approval_stale",
  "provider_declined",
  "invalid_destination",
  "provider_unavailable",
  "outcome_unknown",
  "invalid_signature",
  "payload_too_large",
  "malformed_body",
  "unsupported_media_type",
  "uri_too_long",
  "headers_too_large",
  "unavailable",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Which field is wrong and why: `reason` is a key below `fields.` in the messages. */
export interface FieldIssue {
  field: string;
  reason: string;
  /** Values for the message's placeholders; amounts are formatted by the presenter, in the reader's language. */
  values?: Record<string, IssueValue>;
}

export type IssueValue = string | number | { amountMinor: bigint; currency: string };

export interface ErrorDetails {
  issues?: FieldIssue[];
  retryAfterSeconds?: number;
  reference?: string;
  /** Which credential was refused, where it wasn't an access token. */
  credential?: "api_key" | "api_key_for_person";
  /** The permission that an API key lacks. */
  permission?: string;
  /** When what is refused now becomes possible. */
  until?: Date;
  /** True for a form that another account than the one signed in had opened. */
  isOtherAccounts?: boolean;
  /** How much of it is possible before. */
  left?: { amountMinor: bigint; currency: string };
  /** Who may go on to the second step of a sign-in: sealed, and never answered to anybody. */
  secondStep?: string;
  /** How many tries are left. */
  triesLeft?: number;
}

/** Thrown inside verbs, which rolls the transaction back; the transport's wrapper turns it into an answer. */
export class DomainError extends Error {
  override name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(code);
  }
}
