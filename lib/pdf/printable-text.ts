import anyAscii from "any-ascii";

/** They say nothing that print could show, and the fonts have no glyph for them. */
const UNPRINTED = /[\p{Cc}\p{Variation_Selector}\u00ad\u200b\u2060\ufeff]/gu;
/** They draw nothing, but shape or order the letters beside them: joiners, and the marks of direction. */
const SHAPING = /^[\u200c-\u200f\u202a-\u202e\u2066-\u2069]$/u;

/** Most texts: both fonts have all of these. */
const COMMON = /^[\n -~\u00a0-\u00ac\u00ae-\u017f\u2010-\u2027\u202f\u20a6\u2212]*$/;

const graphemes = new Intl.Segmenter("fr", { granularity: "grapheme" });

/**
 * A text that a font can draw: what has no glyph is written out in brackets, `[Wang Ming]` or `[crown]`, and never becomes an
 * empty box. Line breaks stay.
 */
export function printableText(text: string, canDraw: (codePoint: number) => boolean): string {
  if (COMMON.test(text)) return text;
  let printable = "";
  for (const { segment } of graphemes.segment(text.normalize("NFC"))) {
    if (segment === "\n" || segment === "\r\n") printable += "\n";
    else {
      const shown = segment.replace(UNPRINTED, "");
      printable += isDrawable(shown, canDraw) ? shown : `[${spelled(shown)}]`;
    }
  }
  // Neighbours that are written out share their brackets.
  return printable.replaceAll("][", " ");
}

function isDrawable(grapheme: string, canDraw: (codePoint: number) => boolean): boolean {
  return [...grapheme].every(
    (character) => SHAPING.test(character) || canDraw(character.codePointAt(0) ?? 0),
  );
}

/** The grapheme in Latin letters, an emoji by its English name; its code point where it has neither. */
function spelled(grapheme: string): string {
  const ascii = anyAscii(grapheme)
    .replace(/[:_\s]+/g, " ")
    .trim();
  return ascii === "" ? `U+${(grapheme.codePointAt(0) ?? 0).toString(16).toUpperCase()}` : ascii;
}
