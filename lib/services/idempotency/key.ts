import { DomainError } from "@/lib/errors";

// 1 to 255 visible ASCII characters (draft-ietf-httpapi-idempotency-key-header-07 leaves the limit to us). The check
// constraint of `idempotency_keys` says the same with the same two values; a test compares them.
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
export const IDEMPOTENCY_KEY_PATTERN = "^[\\x21-\\x7e]+$";

const KEY = new RegExp(IDEMPOTENCY_KEY_PATTERN);

export function isIdempotencyKey(text: string): boolean {
  return text.length <= IDEMPOTENCY_KEY_LENGTH_MAX && KEY.test(text);
}

/** Throws `validation_failed` for what can't be a key. */
export function requireIdempotencyKey(text: string): void {
  if (!isIdempotencyKey(text)) throw new DomainError("validation_failed");
}
