import { type CsvCell, type CsvDialect, csvRecord, csvStart, ENGLISH_CSV, FRENCH_CSV } from "@/lib/csv/csv";
import { CURRENCIES } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import { timesIn, type ZoneTimes } from "../../statements/zone-times";

/** A cell of a group's table: a text, a whole number, an amount, the day or the time of an instant, or nothing. */
export type TableCell = string | number | Money | { day: Date } | { time: Date } | null;

interface TableStyle {
  locale: "fr" | "en";
  /** IANA name: days and times are those of this zone. */
  zone: string;
  columns: readonly string[];
}

/** A table for a spreadsheet in the reader's language, with its headings. */
export function writeTableCsv(
  rows: readonly (readonly TableCell[])[],
  { locale, zone, columns }: TableStyle,
): string {
  const dialect: CsvDialect = locale === "fr" ? FRENCH_CSV : ENGLISH_CSV;
  const times = timesIn(zone, new Date(0));
  const records = rows.map((cells) =>
    csvRecord(
      cells.map((cell) => toCsvCell(cell, times, locale)),
      dialect,
    ),
  );
  return csvStart(dialect) + csvRecord(columns, dialect) + records.join("");
}

function toCsvCell(cell: TableCell, times: ZoneTimes, locale: "fr" | "en"): CsvCell {
  if (cell === null || typeof cell === "string") return cell;
  if (typeof cell === "number") return BigInt(cell);
  if ("time" in cell) return times.parts(cell.time).time;
  if ("amountMinor" in cell)
    return { unscaled: cell.amountMinor, decimals: CURRENCIES[cell.currency].decimals };
  const { year, month, day } = times.parts(cell.day);
  return locale === "fr" ? `${day}/${month}/${year}` : `${year}-${month}-${day}`;
}
