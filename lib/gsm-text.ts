import { foldText } from "./text";

// GSM 03.38 (3GPP TS 23.038, 6.2.1): a text of these characters alone has 160 septets in one SMS; a single other one leaves 70.
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Written with an escape before them: two septets each. */
const EXTENSION = "\f^{}\\[~]|€";

export const SMS_SEPTETS_MAX = 160;

const BASIC_SET = new Set(BASIC);
const EXTENSION_SET = new Set(EXTENSION);

/** How many septets a text takes; null when it can't be written in GSM 03.38. */
export function septetsOf(text: string): number | null {
  let septets = 0;
  for (const character of text) {
    if (BASIC_SET.has(character)) septets += 1;
    else if (EXTENSION_SET.has(character)) septets += 2;
    else return null;
  }
  return septets;
}

const REPLACEMENTS: Readonly<Record<string, string>> = {
  "\u00a0": " ",
  "\u202f": " ",
  "’": "'",
  "‘": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "−": "-",
  "…": "...",
  "•": "*",
  "·": "-",
  "₦": "NGN",
};

/** The same text in GSM 03.38: letters that it doesn't have without their accents, anything else as a question mark. */
export function toGsmText(text: string): string {
  const quoted = text.replace(/«\s*/g, '"').replace(/\s*»/g, '"');
  return [...quoted.normalize("NFC")].map(toGsmCharacter).join("");
}

function toGsmCharacter(character: string): string {
  if (septetsOf(character) !== null) return character;
  const replacement = REPLACEMENTS[character];
  if (replacement !== undefined) return replacement;
  const folded = foldText(character);
  if (folded === "" || septetsOf(folded) === null) return /^\p{M}$/u.test(character) ? "" : "?";
  return /^\p{Lu}$/u.test(character) ? folded.toUpperCase() : folded;
}
