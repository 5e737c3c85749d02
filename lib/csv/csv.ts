/** How a table is written: for people who open it in a spreadsheet, or for programs. */
export interface CsvDialect {
  separator: "," | ";";
  /** U+FEFF at the beginning: Excel takes a file for UTF-8 by it. */
  hasByteOrderMark: boolean;
  decimalMark: "," | ".";
  /** Puts an apostrophe before text that a spreadsheet would run as a formula. */
  guardsFormulas: boolean;
}

/** What Excel opens as a table where the decimal mark is a comma, and its list separator a semicolon. */
export const FRENCH_CSV: CsvDialect = {
  separator: ";",
  hasByteOrderMark: true,
  decimalMark: ",",
  guardsFormulas: true,
};

/** RFC 4180 with a byte order mark. */
export const ENGLISH_CSV: CsvDialect = {
  separator: ",",
  hasByteOrderMark: true,
  decimalMark: ".",
  guardsFormulas: true,
};

/** RFC 4180, every text as it is: programs run no formulas, and would have to take the apostrophe off. */
export const MACHINE_CSV: CsvDialect = {
  separator: ",",
  hasByteOrderMark: false,
  decimalMark: ".",
  guardsFormulas: false,
};

/** A cell: text, a whole number, an exact decimal number, or nothing. */
export type CsvCell = string | bigint | DecimalCell | null;

/** `unscaled` / 10^`decimals`: -1250 with two decimals is -12.50. */
export interface DecimalCell {
  unscaled: bigint;
  decimals: number;
}

/** A spreadsheet runs what begins so, or what does once it has taken off blanks (OWASP, "CSV injection"). */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠−]|^[\t\r\n]/u;

/** One record with its line end, CRLF. */
export function csvRecord(cells: readonly CsvCell[], dialect: CsvDialect): string {
  return `${cells.map((cell) => writeCell(cell, dialect)).join(dialect.separator)}\r\n`;
}

/** What stands before the first record. */
export function csvStart({ hasByteOrderMark }: CsvDialect): string {
  return hasByteOrderMark ? "\ufeff" : "";
}

function writeCell(cell: CsvCell, dialect: CsvDialect): string {
  if (cell === null) return "";
  // Numbers are ours: a minus in front of digits only is a number to a spreadsheet too.
  if (typeof cell === "bigint") return cell.toString();
  if (typeof cell !== "string") return quoted(writeDecimal(cell, dialect.decimalMark), dialect);
  // PostgreSQL holds no NUL; programs that read the file may end a text there.
  const text = cell.replaceAll("\0", "");
  return quoted(dialect.guardsFormulas && FORMULA.test(text) ? `'${text}` : text, dialect);
}

function quoted(text: string, { separator }: CsvDialect): string {
  const isPlain = !/["\r\n\t]/.test(text) && !text.includes(separator) && text === text.trim();
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

function writeDecimal({ unscaled, decimals }: DecimalCell, mark: "," | "."): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(decimals + 1, "0");
  const sign = unscaled < 0n ? "-" : "";
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}${mark}${digits.slice(-decimals)}`;
}
