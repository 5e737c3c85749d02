import PDFDocument from "pdfkit";
import { invariant } from "@/lib/invariant";
import { canDraw, fonts, type Weight } from "./fonts";
import { printableText } from "./printable-text";
import { type Line, layOutText } from "./text-layout";

export interface SheetOptions {
  size: "A4" | "A5";
  locale: "fr" | "en";
  /** Shown by readers instead of the file's name. */
  title: string;
  /** At the foot of every page, on the right. */
  footer: string;
  /** `Page 1 sur 3`: called with the page's number and a mark that stands for how many there are. */
  pageOf: (page: string, total: string) => string;
  createdAt: Date;
}

export interface TextStyle {
  /** In points. */
  size: number;
  weight?: Weight;
  color?: string;
  align?: "left" | "right";
}

/** A laid out text: its lines, and how high they stand. */
export interface TextBlock {
  lines: Line[];
  height: number;
  style: TextStyle;
}

type Structure = PDFKit.PDFStructureElement;

interface ElementOptions {
  title?: string;
  /** What a picture says. */
  alt?: string;
  /** Which cells a heading of a table names. */
  scope?: "Row" | "Column";
  /** Left, top, right and bottom, of a picture. */
  bbox?: [number, number, number, number];
}

export const INK = "#1d1b2e";
export const MUTED = "#66627a";
export const HAIRLINE = "#d9d2c6";

const MARGINS = { A4: 48, A5: 28 } as const;
const FOOTER_SIZE = 7.5;
const LINE_HEIGHT = 1.4;
/** A character of no text, where the number of pages goes. */
const TOTAL_MARK = "\u0000";
/** The name of the number of pages among a page's objects. */
const TOTAL_NAME = "PageTotal";

/** What pdfkit's types leave out, of version 0.20.2. */
interface PdfkitInternals {
  _font: { id: string; ref(): object; encode(text: string): [glyphs: string[], positions: object[]] };
  page: { fonts: Record<string, object>; xobjects: Record<string, object> };
}

/** Pages with margins and a foot, and a cursor that moves down: what headings, paragraphs and tables are drawn on. */
export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly left: number;
  y = 0;
  #pages = 0;
  /** Draws at the top of each further page, such as a table's headings. */
  onNewPage: (() => void) | null = null;
  readonly #options: SheetOptions;
  readonly #total: PDFKit.PDFKitReference;

  constructor(options: SheetOptions) {
    this.#options = options;
    this.left = MARGINS[options.size];
    this.doc = new PDFDocument({
      size: options.size,
      margin: 0,
      autoFirstPage: false,
      tagged: true,
      lang: options.locale,
      displayTitle: true,
      pdfVersion: "1.7",
      // Each text is laid out once: the cache would only grow.
      fontLayoutCache: false,
      // Without a font pdfkit would read Helvetica's metrics from the disk.
      font: null as unknown as string,
      info: { Title: options.title, Author: "Cauris", CreationDate: options.createdAt },
    });
    const { regular, bold } = fonts();
    for (const [name, font] of Object.entries({ regular, bold })) {
      this.doc.registerFont(name, font as unknown as string);
    }
    this.doc.font("regular");
    this.#total = this.doc.ref({ Type: "XObject", Subtype: "Form", BBox: [-1, -4, 60, 12] });
    this.newPage();
  }

  get width(): number {
    return this.doc.page.width - 2 * this.left;
  }

  /** The lowest that content may reach. */
  get bottom(): number {
    return this.doc.page.height - this.left - 2 * FOOTER_SIZE;
  }

  /** Starts a new page when less than this is left of the page. Not inside of a structure element. */
  need(height: number): void {
    if (this.y + height <= this.bottom) return;
    this.newPage();
    this.onNewPage?.();
  }

  /** Lays a text out; what no font can draw is written in Latin letters. */
  textBlock(text: string, style: TextStyle, width = this.width): TextBlock {
    this.#select(style);
    const lines = layOutText(printableText(text, canDraw), width, (run) =>
      this.doc.widthOfString(run, { features: [] }),
    );
    return { lines, height: lines.length * style.size * LINE_HEIGHT, style };
  }

  /** Draws lines from this point down, without moving the cursor. */
  drawBlock({ lines, style }: TextBlock, x: number, y: number, width = this.width): void {
    this.#select(style);
    lines.forEach((line, index) => {
      const lineX = style.align === "right" ? x + width - line.width : x;
      this.#drawLine(line, lineX, y + index * style.size * LINE_HEIGHT);
    });
  }

  /** An element whose content is drawn by `draw` as soon as its parent stands in the document. */
  element(type: string, draw: () => void, options: ElementOptions = {}): Structure {
    return this.doc.struct(type, options as PDFKit.Mixins.StructureElementOptions, [draw]);
  }

  /** What isn't content: rules, feet, headings that are repeated. */
  artifact(type: "Layout" | "Pagination", draw: () => void): void {
    this.doc.markContent("Artifact", { type });
    draw();
    this.doc.endMarkedContent();
  }

  hairline(y = this.y): void {
    this.artifact("Layout", () => {
      this.doc
        .moveTo(this.left, y)
        .lineTo(this.left + this.width, y)
        .lineWidth(0.5)
        .stroke(HAIRLINE);
    });
  }

  /** Writes the number of pages into all feet, and ends the file. */
  finish(): void {
    const { _font: font } = this.#internals();
    const [glyphs] = font.encode(String(this.#pages));
    Object.assign(this.#total.data, { Resources: { Font: { [font.id]: font.ref() } } });
    this.#total.end(`BT /${font.id} ${FOOTER_SIZE} Tf <${glyphs.join("")}> Tj ET`);
    this.doc.end();
  }

  newPage(): void {
    this.doc.addPage();
    this.#pages += 1;
    this.y = this.left;
    this.artifact("Pagination", () => this.#drawFooter());
  }

  #drawFooter(): void {
    const style: TextStyle = { size: FOOTER_SIZE, color: MUTED };
    const { footer, pageOf } = this.#options;
    const y = this.doc.page.height - this.left;
    const [before = "", after = ""] = pageOf(String(this.#pages), TOTAL_MARK).split(TOTAL_MARK);
    invariant(after === "", "the number of pages stands at the end, since its width isn't known");
    const phrase = this.textBlock(before.trimEnd(), style);
    this.drawBlock(phrase, this.left, y);
    const x = this.left + (phrase.lines[0]?.width ?? 0) + this.doc.widthOfString(" ");
    this.#drawTotal(x, y);
    const right = this.textBlock(footer, { ...style, align: "right" }, this.width * 0.7);
    this.drawBlock(right, this.left + this.width * 0.3, y, this.width * 0.7);
  }

  /** Refers to an object that all pages share and that is written last: pages needn't be kept until their number is known. */
  #drawTotal(x: number, top: number): void {
    const { page, _font: font } = this.#internals();
    page.xobjects[TOTAL_NAME] = this.#total;
    page.fonts[font.id] = font.ref();
    const baseline = top + this.#ascent(FOOTER_SIZE);
    this.doc.addContent(`q 1 0 0 -1 ${x.toFixed(2)} ${baseline.toFixed(2)} cm /${TOTAL_NAME} Do Q`);
  }

  #ascent(size: number): number {
    const { regular } = fonts();
    return (regular.ascent / regular.unitsPerEm) * size;
  }

  #drawLine(line: Line, x: number, y: number): void {
    // Drawn letters stand in another order than they are read: readers and searches get the text itself.
    const isReordered = line.runs.length > 1;
    if (isReordered) this.doc.markContent("Span", { actual: line.text });
    let at = x;
    for (const { text, width } of line.runs) {
      this.doc.text(text, at, y, { lineBreak: false, features: [] });
      at += width;
    }
    if (isReordered) this.doc.endMarkedContent();
  }

  #select({ size, weight = "regular", color = INK }: TextStyle): void {
    this.doc.font(weight).fontSize(size).fillColor(color);
  }

  #internals(): PdfkitInternals {
    return this.doc as unknown as PdfkitInternals;
  }
}
