import { z } from "zod";

const EMAIL_LENGTH_MAX = 254;

const address = z.email().max(EMAIL_LENGTH_MAX);

/**
 * Trimmed and lower-cased, or null when it isn't an ASCII address. Text that NFKC changes is refused rather than
 * changed: a full-width @ or a Kelvin sign must not become somebody else's address.
 */
export function normaliseEmail(input: string): string | null {
  const trimmed = input.trim();
  if (trimmed.length > EMAIL_LENGTH_MAX || trimmed.normalize("NFKC") !== trimmed) return null;
  const parsed = address.safeParse(trimmed.toLowerCase());
  return parsed.success ? parsed.data : null;
}
