/** Default_Ignorable_Code_Point (UAX #44: zero-width, bidi, fillers, variation selectors), interlinear marks, blank braille. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/gu;

const JOINING_SCRIPTS =
  /[\p{Script=Arabic}\p{Script=Nko}\p{Script=Adlam}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Sinhala}]$/u;
const ZERO_WIDTH_JOINER = "\u200d";
const ZERO_WIDTH_NON_JOINER = "\u200c";
const EMOJI_PRESENTATION = "\ufe0f";

/** Control characters, lone surrogates, line and paragraph separators: refused in a line of text. */
const NOT_ON_A_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The same for JSON Schema tools, few of which read `\p`: it names the control characters only. */
export const ONE_LINE_PATTERN = "^[^\\x00-\\x1f\\x7f-\\x9f]*$";

/** A typed word must not hide what stands under it: the most marks that an orthography of the region puts on a letter. */
const MARKS_ON_A_LETTER_MAX = 3;
const TOO_MANY_MARKS = new RegExp(`\\p{M}{${MARKS_ON_A_LETTER_MAX + 1}}`, "u");

/**
 * Text without characters that can't be seen, which come along when somebody copies a number or an address, or hide what a
 * name is. Joiners stay between letters of scripts that need them and in emoji.
 */
export function stripInvisible(input: string): string {
  return input.replace(INVISIBLE, (mark, at: number) =>
    carriesMeaning(mark, input.slice(0, at), input.slice(at + mark.length)) ? mark : "",
  );
}

function carriesMeaning(mark: string, before: string, after: string): boolean {
  if (mark === EMOJI_PRESENTATION) return /\p{Emoji}$/u.test(before);
  if (mark !== ZERO_WIDTH_JOINER && mark !== ZERO_WIDTH_NON_JOINER) return false;
  if (JOINING_SCRIPTS.test(before)) return /^\p{L}/u.test(after);
  return mark === ZERO_WIDTH_JOINER && /(?:\p{Emoji}|\ufe0f)$/u.test(before) && /^\p{Emoji}/u.test(after);
}

/** A typed line as it is stored and shown: NFC, visible characters only, one space between words, none around them. */
export function cleanLine(input: string): string {
  return stripInvisible(input)
    .normalize("NFC")
    .replace(/\p{Zs}+/gu, " ")
    .trim();
}

/** True for text that doesn't fit on one line, or that holds control characters or half a surrogate pair. */
export function breaksLine(text: string): boolean {
  return NOT_ON_A_LINE.test(text);
}

/** True for a name that people can read: it has a letter, and no letter carries more than three marks. */
export function isReadableName(name: string): boolean {
  return /\p{L}/u.test(name) && !breaksLine(name) && !TOO_MANY_MARKS.test(name);
}

/** True for a label that people can see: a letter, a digit or a symbol, and no letter under a pile of marks. */
export function isReadableLabel(label: string): boolean {
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(label) && !breaksLine(label) && !TOO_MANY_MARKS.test(label);
}

/** Letters that have no accent to strip, as `fold_text` of 0007_search.sql has them too. */
const PLAIN_LETTERS: Record<string, string> = {
  ɓ: "b",
  Ɓ: "b",
  ɗ: "d",
  Ɗ: "d",
  đ: "d",
  Đ: "d",
  ɛ: "e",
  Ɛ: "e",
  ǝ: "e",
  Ǝ: "e",
  ɠ: "g",
  Ɠ: "g",
  ı: "i",
  ƙ: "k",
  Ƙ: "k",
  ł: "l",
  Ł: "l",
  ŋ: "n",
  Ŋ: "n",
  ɲ: "n",
  Ɲ: "n",
  ɔ: "o",
  Ɔ: "o",
  ø: "o",
  Ø: "o",
  ƴ: "y",
  Ƴ: "y",
  "’": "'",
  "‘": "'",
  ʼ: "'",
  ʻ: "'",
  "′": "'",
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
};
const LIGATURES: Record<string, string> = { œ: "oe", Œ: "oe", æ: "ae", Æ: "ae", ß: "ss" };

/**
 * Text to compare by: without accents and vowel signs, with plain letters, one kind of apostrophe and hyphen, lower case (ASCII).
 * The same as `fold_text` in SQL, so that one can search what the other wrote.
 */
export function foldText(text: string): string {
  return text
    .replace(/´/g, "'")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\u064b-\u0652\u07eb-\u07f3]/g, "")
    .replace(/[œŒæÆß]/g, (letter) => LIGATURES[letter] ?? letter)
    .replace(/[^ -~]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(/[A-Z`]/g, (letter) => (letter === "`" ? "'" : letter.toLowerCase()));
}
