import { z } from "zod";
import { stripInvisible } from "./text";

const EMAIL_LENGTH_MAX = 254;

const address = z.email().max(EMAIL_LENGTH_MAX);

/** What the name of a host may be written with in other alphabets (IDNA2008); `URL` knows the rest of the rules. */
const FOREIGN_HOST = /^[\p{L}\p{M}\p{Nd}.-]+$/u;
/** In their ASCII form such names may end in one with digits and hyphens. */
const ASCII_FORM = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+xn--[a-z0-9-]{0,58}[a-z0-9]$/;

/**
 * Trimmed, lower-cased and without invisible characters, or null when it isn't an address whose part before the @ is ASCII. A domain in another
 * alphabet is kept in its ASCII form (`xn--…`), so that look-alikes are seen to differ. Text that NFKC changes is refused rather than changed: a
 * full-width @ or a Kelvin sign must not become somebody else's address.
 */
export function normaliseEmail(input: string): string | null {
  const trimmed = stripInvisible(input).trim();
  if (trimmed.length > EMAIL_LENGTH_MAX) return null;
  const at = trimmed.lastIndexOf("@");
  const host = asciiHost(trimmed.slice(at + 1));
  if (host === null) return null;
  const typed = trimmed.slice(0, at + 1);
  const before = typed.toLowerCase();
  if (typed.normalize("NFKC") !== typed || `${before}${host}`.length > EMAIL_LENGTH_MAX) return null;
  const parsed = address.safeParse(`${before}${ASCII_FORM.test(host) ? "example.com" : host}`);
  return parsed.success ? `${before}${host}` : null;
}

/** In lower case; null for what no host can be called. */
function asciiHost(host: string): string | null {
  const lower = host.toLowerCase();
  if (/^[\x20-\x7e]*$/.test(host)) return ASCII_FORM.test(lower) ? throughUrl(lower) : lower;
  const composed = lower.normalize("NFC");
  // Single characters that stand for others, or that become several as small letters, are no one's spelling.
  const isPlain = [...host].every(
    (each) => each.normalize("NFKC") === each && [...each.toLowerCase()].length === 1,
  );
  if (!FOREIGN_HOST.test(host) || !isPlain || composed.normalize("NFKC") !== composed) return null;
  return throughUrl(composed);
}

function throughUrl(host: string): string | null {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}
