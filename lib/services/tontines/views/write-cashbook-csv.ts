import { csvRecord, csvStart, ENGLISH_CSV, FRENCH_CSV } from "@/lib/csv/csv";
import { dayOf } from "@/lib/day-range";
import { CURRENCIES } from "@/lib/money/currency";
import type { Cashbook, CashbookLine } from "./list-cashbook";

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
}

/** A cash book as one table for a spreadsheet in the reader's language, the oldest line first; times are the group's. */
export function writeCashbookCsv(book: Cashbook, { locale, columns, titleOf }: CashbookWords): string {
  const dialect = locale === "fr" ? FRENCH_CSV : ENGLISH_CSV;
  const { decimals } = CURRENCIES[book.currency];
  const time = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: book.zone,
  });
  const records = book.lines.map((line) => {
    const amount = { unscaled: line.amount.amountMinor, decimals };
    return csvRecord(
      [
        BigInt(line.number),
        dayIn(locale, dayOf(line.at, book.zone)),
        time.format(line.at),
        titleOf(line),
        line.turn === null ? null : BigInt(line.turn),
        line.member,
        line.payer,
        line.direction === "in" ? amount : null,
        line.direction === "out" ? amount : null,
        line.direction === "inside" ? amount : null,
        { unscaled: line.balance.amountMinor, decimals },
        book.currency,
        line.reference,
      ],
      dialect,
    );
  });
  return csvStart(dialect) + csvRecord(columns, dialect) + records.join("");
}

const dayIn = (locale: "fr" | "en", day: string): string =>
  locale === "fr" ? day.split("-").reverse().join("/") : day;
