import type { ErrorCode } from "@/lib/errors";

export interface ErrorEntry {
  /** HTTP status (RFC 9110 §15). */
  status: number;
  /** `info` for a caller's mistake; more for what an operator should look at. */
  logLevel: "info" | "warn" | "error";
  /** The JSON API's English sentence; pages say `errors.<code>` in the person's language. */
  detail: string;
}

/** Every code's answer. A code without one doesn't compile. */
export const ERROR_TABLE = {
  validation_failed: { status: 422, logLevel: "info", detail: "Some fields are invalid" },
  unauthenticated: { status: 401, logLevel: "info", detail: "Invalid or expired token" },
  forbidden_origin: { status: 403, logLevel: "warn", detail: "The request came from another site" },
  invalid_credentials: { status: 401, logLevel: "info", detail: "Invalid e-mail address or password" },
  email_taken: { status: 409, logLevel: "info", detail: "This e-mail address already has an account" },
  sign_in_failed: { status: 400, logLevel: "info", detail: "Authentication failed" },
  code_wrong: { status: 422, logLevel: "info", detail: "Wrong code" },
  code_expired: { status: 409, logLevel: "info", detail: "This code is no longer valid" },
  email_unverified: { status: 403, logLevel: "info", detail: "The e-mail address is not verified" },
  rate_limited: { status: 429, logLevel: "warn", detail: "Too many requests" },
  not_found: { status: 404, logLevel: "info", detail: "Not found" },
  insufficient_funds: { status: 400, logLevel: "info", detail: "Insufficient balance" },
  wallet_frozen: {
    status: 403,
    logLevel: "warn",
    detail: "This wallet is frozen: money can come in, and none can go out",
  },
  money_out_limited: {
    status: 403,
    logLevel: "info",
    detail: "Money out of this wallet is limited for a time after a change of its sign-in or PIN",
  },
  money_keys_limited: {
    status: 403,
    logLevel: "info",
    detail:
      "No key that moves money out can be made for a time after a change of the account's sign-in or PIN",
  },
  permission_missing: {
    status: 403,
    logLevel: "info",
    detail: "API key does not have '{permission}' permission",
  },
  method_not_allowed: { status: 405, logLevel: "info", detail: "Method not allowed" },
  idempotency_in_progress: {
    status: 409,
    logLevel: "info",
    detail: "The first request with this idempotency key is still running",
  },
  key_limit_reached: { status: 400, logLevel: "info", detail: "Maximum of 5 active API keys allowed" },
  key_not_expired: { status: 400, logLevel: "info", detail: "Can only rollover expired keys" },
  key_replaced: { status: 400, logLevel: "info", detail: "This API key was rolled over already" },
  key_revoked: { status: 400, logLevel: "info", detail: "A revoked API key can't be rolled over" },
  recipient_not_found: { status: 404, logLevel: "info", detail: "Recipient wallet not found" },
  recipient_is_self: { status: 400, logLevel: "info", detail: "Cannot transfer to your own wallet" },
  recovery_evidence_required: {
    status: 403,
    logLevel: "info",
    detail: "More is needed to recover this account",
  },
  pin_required: { status: 422, logLevel: "info", detail: "The PIN is missing" },
  pin_wrong: { status: 422, logLevel: "info", detail: "Wrong PIN" },
  pin_locked: { status: 429, logLevel: "warn", detail: "Too many wrong PINs" },
  pin_not_set: { status: 409, logLevel: "info", detail: "No PIN is set" },
  second_step_required: { status: 401, logLevel: "info", detail: "A second step is required" },
  second_step_on: { status: 409, logLevel: "info", detail: "The second step is on already" },
  passkey_refused: { status: 403, logLevel: "info", detail: "The passkey was not accepted" },
  passkey_limit_reached: { status: 409, logLevel: "info", detail: "Too many passkeys" },
  pin_reset_required: { status: 409, logLevel: "warn", detail: "The PIN must be set again" },
  vault_locked: { status: 409, logLevel: "info", detail: "The vault is locked" },
  vault_not_empty: { status: 409, logLevel: "info", detail: "The vault still holds money" },
  method_unavailable: { status: 422, logLevel: "info", detail: "This payment method is not available" },
  idempotency_mismatch: {
    status: 422,
    logLevel: "info",
    detail: "This idempotency key was used with another request",
  },
  quote_expired: { status: 409, logLevel: "info", detail: "The quote has expired" },
  tontine_not_now: { status: 409, logLevel: "info", detail: "The tontine does not allow this now" },
  tontine_role_missing: { status: 403, logLevel: "info", detail: "This needs an office of the tontine" },
  tontine_full: { status: 409, logLevel: "info", detail: "All shares of the tontine are taken" },
  tontine_disputed: { status: 409, logLevel: "info", detail: "A dispute holds this until it is settled" },
  tontine_debt_open: { status: 409, logLevel: "info", detail: "A member who owes money cannot do this" },
  approval_stale: { status: 409, logLevel: "info", detail: "What was to be approved has changed" },
  money_request_closed: { status: 409, logLevel: "info", detail: "This request for money is no longer open" },
  provider_declined: { status: 422, logLevel: "info", detail: "The payment provider declined" },
  invalid_destination: { status: 422, logLevel: "info", detail: "The destination account does not exist" },
  provider_unavailable: { status: 503, logLevel: "warn", detail: "The payment provider is unavailable" },
  outcome_unknown: {
    status: 504,
    logLevel: "warn",
    detail: "No answer came in time: the outcome is not known yet",
  },
  invalid_signature: { status: 400, logLevel: "warn", detail: "Invalid signature" },
  payload_too_large: { status: 413, logLevel: "info", detail: "The request is too large" },
  unsupported_media_type: {
    status: 415,
    logLevel: "info",
    detail: "Send the body as application/json in UTF-8, without a Content-Encoding",
  },
  uri_too_long: { status: 414, logLevel: "info", detail: "The address is too long" },
  headers_too_large: { status: 431, logLevel: "info", detail: "The request's headers are too large" },
  malformed_body: { status: 400, logLevel: "info", detail: "The request could not be read" },
  unavailable: { status: 503, logLevel: "error", detail: "The service is unavailable; nothing was done" },
  internal: { status: 500, logLevel: "error", detail: "Something went wrong" },
} as const satisfies Record<ErrorCode, ErrorEntry>;

/** What a 401 says instead, where the credential was an API key. */
export const KEY_REFUSALS = {
  api_key: "Invalid, expired or revoked API key",
  api_key_for_person: "This call needs a person's access token: API keys can't make it",
} as const;
