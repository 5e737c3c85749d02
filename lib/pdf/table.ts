import { MUTED, type Sheet, type TextBlock, type TextStyle } from "./sheet";

export interface TableColumn {
  heading: string;
  /** A share of the table's width: shares of 1, 2 and 1 are a quarter, a half and a quarter. */
  share: number;
  align?: "left" | "right";
  /** A cell of this column names its row. */
  isRowHeader?: boolean;
}

interface PlacedColumn extends TableColumn {
  x: number;
  width: number;
}

const CELL_SIZE = 8;
const HEADING_SIZE = 7.5;
const ROW_PADDING = 3;
const COLUMN_GAP = 8;

/** A table that may be longer than a page: its headings are repeated on each. Rows are never cut in two. */
export class PdfTable {
  readonly #sheet: Sheet;
  readonly #columns: PlacedColumn[];
  readonly #table: PDFKit.PDFStructureElement;
  readonly #ready: () => Promise<void>;

  constructor(sheet: Sheet, columns: readonly TableColumn[], ready: () => Promise<void>) {
    this.#sheet = sheet;
    this.#ready = ready;
    this.#columns = place(columns, sheet);
    this.#table = sheet.doc.struct("Table");
    sheet.doc.addStructure(this.#table);
    const blocks = this.#headingBlocks();
    sheet.need(heightOf(blocks) + CELL_SIZE * 3);
    const row = sheet.doc.struct("TR");
    this.#table.add(row);
    this.#columns.forEach((column, index) => {
      const block = blocks[index];
      if (!block) return;
      row.add(
        sheet.element("TH", () => sheet.drawBlock(block, column.x, sheet.y, column.width), {
          scope: "Column",
        }),
      );
    });
    row.end();
    this.#endRow(heightOf(blocks));
    sheet.onNewPage = () => this.#repeatHeadings();
  }

  /** Writes one row, a text for each column. Resolves when the reader of the file has kept up. */
  async row(cells: readonly string[], weight: TextStyle["weight"] = "regular"): Promise<void> {
    const sheet = this.#sheet;
    const blocks = this.#columns.map((column, index) =>
      sheet.textBlock(
        cells[index] ?? "",
        { size: CELL_SIZE, weight, align: column.align ?? "left" },
        column.width,
      ),
    );
    sheet.need(heightOf(blocks));
    const row = sheet.doc.struct("TR");
    this.#table.add(row);
    blocks.forEach((block, index) => {
      const column = this.#columns[index];
      if (!column) return;
      const draw = () => sheet.drawBlock(block, column.x, sheet.y, column.width);
      row.add(column.isRowHeader ? sheet.element("TH", draw, { scope: "Row" }) : sheet.element("TD", draw));
    });
    row.end();
    this.#endRow(heightOf(blocks));
    await this.#ready();
  }

  /** Must be called before anything else is drawn below. */
  end(): void {
    this.#sheet.onNewPage = null;
    this.#table.end();
    this.#sheet.y += 8;
  }

  #headingBlocks(): TextBlock[] {
    return this.#columns.map(({ heading, align = "left", width }) =>
      this.#sheet.textBlock(heading, { size: HEADING_SIZE, weight: "bold", color: MUTED, align }, width),
    );
  }

  #repeatHeadings(): void {
    const sheet = this.#sheet;
    const blocks = this.#headingBlocks();
    sheet.artifact("Pagination", () => {
      this.#columns.forEach((column, index) => {
        const block = blocks[index];
        if (block) sheet.drawBlock(block, column.x, sheet.y, column.width);
      });
    });
    this.#endRow(heightOf(blocks));
  }

  #endRow(height: number): void {
    this.#sheet.y += height;
    this.#sheet.hairline(this.#sheet.y - ROW_PADDING / 2);
    this.#sheet.y += ROW_PADDING / 2;
  }
}

function heightOf(blocks: readonly TextBlock[]): number {
  return Math.max(0, ...blocks.map(({ height }) => height)) + ROW_PADDING;
}

function place(columns: readonly TableColumn[], sheet: Sheet): PlacedColumn[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const free = sheet.width - COLUMN_GAP * (columns.length - 1);
  let x = sheet.left;
  return columns.map((column) => {
    const width = (free * column.share) / shares;
    const placed = { ...column, x, width };
    x += width + COLUMN_GAP;
    return placed;
  });
}
