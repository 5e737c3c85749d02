// Control and format characters, lone surrogates, line and paragraph separators: what could hide or reorder text.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
// Joiners belong to words and emoji.
const JOINERS = /[\u200c\u200d]/g;

/** True for a line of text that has characters which people can't see. */
export function hasUnprintable(text: string): boolean {
  return UNPRINTABLE.test(text.replace(JOINERS, ""));
}

/** The same for JSON Schema tools, few of which read `\p`: it names the control characters only. */
export const PRINTABLE_PATTERN = "^[^\\x00-\\x1f\\x7f-\\x9f]*$";
