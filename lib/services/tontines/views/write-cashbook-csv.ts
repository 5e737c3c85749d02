import type { CashbookLine, WholeCashbook } from "./list-cashbook";
import { type TableCell, writeTableCsv } from "./write-table-csv";

/** Headings of the columns, in their order. */
export const CASHBOOK_COLUMNS = [
  "number",
  "day",
  "time",
  "what",
  "turn",
  "member",
  "paidBy",
  "in",
  "out",
  "inside",
  "balance",
  "currency",
  "reference",
] as const;

interface CashbookWords {
  locale: "fr" | "en";
  columns: readonly string[];
  titleOf: (line: CashbookLine) => string;
  /** What the seal's record says: `Sceau n° 12`. */
  sealOf: (number: string) => string;
}

/**
 * A cash book as one table for a spreadsheet in the reader's language, the oldest line first; times are the group's. The last record is the
 * seal that covers them, with its root as reference.
 */
export function writeCashbookCsv(book: WholeCashbook, words: CashbookWords): string {
  const { locale, columns, titleOf, sealOf } = words;
  const rows = book.lines.map((line): TableCell[] => {
    const { number, at, turn, member, payer, direction, amount, balance, reference } = line;
    return [
      ...[number, { day: at }, { time: at }, titleOf(line), turn, member, payer],
      direction === "in" ? amount : null,
      direction === "out" ? amount : null,
      direction === "inside" ? amount : null,
      ...[balance, book.currency, reference],
    ];
  });
  const { seal } = book.seal;
  if (seal) {
    const [day, time] = [{ day: seal.sealedAt }, { time: seal.sealedAt }];
    const what = sealOf(seal.number.toString());
    rows.push([null, day, time, what, null, null, null, null, null, null, null, null, seal.root]);
  }
  return writeTableCsv(rows, { locale, zone: book.zone, columns });
}
