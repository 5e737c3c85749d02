import { z } from "zod";
import { stripInvisible } from "./text";

const EMAIL_LENGTH_MAX = 254;

const address = z.email().max(EMAIL_LENGTH_MAX);

/**
 * Trimmed, lower-cased and without invisible characters, or null when it isn't an ASCII address. Text that NFKC changes is refused rather than
 * changed: a full-width @ or a Kelvin sign must not become somebody else's address.
 */
export function normaliseEmail(input: string): string | null {
  const trimmed = stripInvisible(input).trim();
  if (trimmed.length > EMAIL_LENGTH_MAX || trimmed.normalize("NFKC") !== trimmed) return null;
  const parsed = address.safeParse(trimmed.toLowerCase());
  return parsed.success ? parsed.data : null;
}
