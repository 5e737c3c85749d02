import { DomainError } from "@/lib/errors";

/**
 * 1 to 255 visible ASCII characters (draft-ietf-httpapi-idempotency-key-header-07 leaves the limit to us). The check
 * constraint of `idempotency_keys` has the same text; a test compares them.
 */
export const IDEMPOTENCY_KEY_PATTERN = "^[\\x21-\\x7e]{1,255}$";

const KEY = new RegExp(IDEMPOTENCY_KEY_PATTERN);

export function isIdempotencyKey(text: string): boolean {
  return KEY.test(text);
}

/** Throws `validation_failed` for what can't be a key. */
export function requireIdempotencyKey(text: string): void {
  if (!isIdempotencyKey(text)) throw new DomainError("validation_failed");
}
