import { createRequire } from "node:module";
import path from "node:path";
import { type Font, type Glyph, openSync } from "fontkit";
import { processWide } from "@/lib/process-wide";

export type Weight = "regular" | "bold";

/** DejaVu Sans has ₦, U+202F, Arabic, N'Ko and the hooked letters of the region; condensed, five columns fit on A4. */
const FILES: Record<Weight, string> = {
  regular: "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf",
  bold: "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf",
};

/** The two fonts of every document, read from the disk once in a process. */
export function fonts(): Record<Weight, Font> {
  return processWide("pdf-fonts", () => ({ regular: open(FILES.regular), bold: open(FILES.bold) }));
}

function open(file: string): Font {
  const require = createRequire(path.join(/* turbopackIgnore: true */ process.cwd(), "package.json"));
  const font = openSync(require.resolve(/* turbopackIgnore: true */ file));
  if (!("layout" in font)) throw new Error(`${file} is a collection of fonts`);
  return withQuickLayout(font);
}

/** Latin letters, digits, signs and spaces: each is one glyph, in the order of reading. */
const UNSHAPED = /^[\u0020-\u02ff\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u205f\u20a0-\u20bf\u2212]*$/;

/**
 * The font, with a layout of its own for text that needs no shaping: without kerning, and several times faster than running
 * all of the font's rules over every cell of a statement.
 */
function withQuickLayout(font: Font): Font {
  const known = new Map<number, Glyph>();
  const glyphOf = (codePoint: number): Glyph => {
    const glyph = known.get(codePoint) ?? font.glyphForCodePoint(codePoint);
    known.set(codePoint, glyph);
    return glyph;
  };
  const layout: Font["layout"] = (text, ...options) => {
    if (!UNSHAPED.test(text)) return font.layout(text, ...options);
    const glyphs = Array.from(text, (character) => glyphOf(character.codePointAt(0) ?? 0));
    // pdfkit scales them in place.
    const positions = glyphs.map(({ advanceWidth }) => ({
      xAdvance: advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }));
    return {
      glyphs,
      positions,
      // As in fontkit: of the positions as they are when it is read, since pdfkit reads it once it has scaled them.
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
      },
      advanceHeight: 0,
      script: "latn",
      language: "dflt",
      direction: "ltr",
      features: {},
      bbox: font.bbox,
    };
  };
  return Object.create(font, { layout: { value: layout } });
}

/** Whether both weights can draw a character. */
export function canDraw(codePoint: number): boolean {
  const { regular, bold } = fonts();
  return regular.hasGlyphForCodePoint(codePoint) && bold.hasGlyphForCodePoint(codePoint);
}
