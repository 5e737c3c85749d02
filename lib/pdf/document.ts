import { qrPath } from "@/lib/qr-path";
import { MUTED, Sheet, type SheetOptions, type TextStyle } from "./sheet";
import { PdfTable, type TableColumn } from "./table";
import { pacedStream } from "./web-stream";

export type { PdfTable, TableColumn } from "./table";
export type DocumentOptions = SheetOptions;

/** A name and what it says, such as a row of a receipt. Line breaks in the value stay. */
export interface DetailRow {
  label: string;
  value: string;
  strong?: boolean;
}

/** Sizes in points. */
const LOOK = {
  A4: { headings: { 1: 17, 2: 12 }, text: 9, rowGap: 4, code: 88 },
  A5: { headings: { 1: 14, 2: 10 }, text: 8, rowGap: 2.5, code: 76 },
} as const;
/** How wide the names of details are, of the whole width. */
const LABEL_SHARE = 0.34;

/**
 * A PDF that is sent while it is written: tagged (headings, paragraphs, tables), with its fonts in it. Write from top to bottom,
 * awaiting what can be awaited, then call `finish`, or `fail` when something went wrong.
 */
export class PdfDocument {
  readonly stream: ReadableStream<Uint8Array>;
  /** Resolves once the reader has taken enough. Throws when nobody reads any more. */
  readonly ready: () => Promise<void>;
  /** Breaks the file off: whoever reads it gets this error. */
  readonly fail: (error: Error) => void;
  readonly #sheet: Sheet;
  readonly #look: (typeof LOOK)[keyof typeof LOOK];

  constructor(options: DocumentOptions) {
    this.#look = LOOK[options.size];
    this.#sheet = new Sheet(options);
    const { stream, ready, fail } = pacedStream(this.#sheet.doc);
    this.stream = stream;
    this.ready = ready;
    this.fail = fail;
  }

  heading(level: 1 | 2, text: string): void {
    const sheet = this.#sheet;
    const block = sheet.textBlock(text, { size: this.#look.headings[level], weight: "bold" });
    const before = level === 1 ? 0 : this.#look.text / 2;
    sheet.need(before + block.height + 3 * this.#look.text);
    sheet.y += before;
    sheet.doc.addStructure(
      sheet.element(`H${level}`, () => sheet.drawBlock(block, sheet.left, sheet.y), { title: text }),
    );
    sheet.y += block.height + 3;
  }

  paragraph(text: string, style: { muted?: boolean; size?: number; bold?: boolean } = {}): void {
    const sheet = this.#sheet;
    const textStyle: TextStyle = {
      size: style.size ?? this.#look.text,
      weight: style.bold ? "bold" : "regular",
    };
    if (style.muted) textStyle.color = MUTED;
    const block = sheet.textBlock(text, textStyle);
    sheet.need(block.height);
    sheet.doc.addStructure(sheet.element("P", () => sheet.drawBlock(block, sheet.left, sheet.y)));
    sheet.y += block.height + 3;
  }

  /** A table of two columns: names and what they say. */
  details(rows: readonly DetailRow[]): void {
    const sheet = this.#sheet;
    const { text, rowGap } = this.#look;
    const table = sheet.doc.struct("Table");
    sheet.doc.addStructure(table);
    const labelWidth = sheet.width * LABEL_SHARE;
    const valueX = sheet.left + labelWidth + 8;
    const valueWidth = sheet.width - labelWidth - 8;
    for (const { label, value, strong } of rows) {
      const name = sheet.textBlock(label, { size: text, color: MUTED }, labelWidth);
      const said = sheet.textBlock(value, { size: text, weight: strong ? "bold" : "regular" }, valueWidth);
      const height = Math.max(name.height, said.height) + rowGap;
      sheet.need(height);
      const row = sheet.doc.struct("TR");
      table.add(row);
      row.add(
        sheet.element("TH", () => sheet.drawBlock(name, sheet.left, sheet.y, labelWidth), { scope: "Row" }),
      );
      row.add(sheet.element("TD", () => sheet.drawBlock(said, valueX, sheet.y, valueWidth)));
      row.end();
      sheet.y += height;
      sheet.hairline(sheet.y - rowGap / 2);
    }
    table.end();
    sheet.y += 6;
  }

  /** A table with headings, which may be longer than a page. End it before drawing something else. */
  table(columns: readonly TableColumn[]): PdfTable {
    return new PdfTable(this.#sheet, columns, this.ready);
  }

  /** A QR code with text beside it. The address is written out too: not everybody can scan paper. */
  qrCode({ url, alt, lines }: { url: string; alt: string; lines: readonly string[] }): void {
    const sheet = this.#sheet;
    const { text, code: side } = this.#look;
    sheet.need(side + 8);
    const { size, path } = qrPath(url);
    const top = sheet.y + 4;
    sheet.doc.addStructure(
      sheet.element("Figure", () => drawCode(sheet, path, side / size, top), {
        alt,
        bbox: [sheet.left, top, sheet.left + side, top + side],
      }),
    );
    sheet.y = top + 4;
    const x = sheet.left + side + 12;
    const width = sheet.width - side - 12;
    lines.forEach((line, index) => {
      const block = sheet.textBlock(line, { size: text, weight: index === 0 ? "bold" : "regular" }, width);
      sheet.doc.addStructure(sheet.element("P", () => sheet.drawBlock(block, x, sheet.y, width)));
      sheet.y += block.height + 2;
    });
    sheet.y = Math.max(sheet.y, top + side) + 6;
  }

  /** Ends the file; its last bytes may still be read. */
  finish(): void {
    this.#sheet.finish();
  }
}

function drawCode(sheet: Sheet, path: string, scale: number, top: number): void {
  sheet.doc.save();
  sheet.doc.translate(sheet.left, top).scale(scale).path(path).fill("#000000");
  sheet.doc.restore();
}

/** A new document of one empty page. */
export function createDocument(options: DocumentOptions): PdfDocument {
  return new PdfDocument(options);
}
