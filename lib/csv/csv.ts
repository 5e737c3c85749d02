/** How a table is written: for people who open it in a spreadsheet, or for programs. */
export interface CsvDialect {
  separator: "," | ";";
  /** U+FEFF at the beginning: Excel takes a file for UTF-8 by it. */
  hasByteOrderMark: boolean;
  decimalMark: "," | ".";
}

/** What Excel opens as a table where the decimal mark is a comma, and its list separator a semicolon. */
export const FRENCH_CSV: CsvDialect = {
  separator: ";",
  hasByteOrderMark: true,
  decimalMark: ",",
};

/** RFC 4180 with a byte order mark. */
export const ENGLISH_CSV: CsvDialect = {
  separator: ",",
  hasByteOrderMark: true,
  decimalMark: ".",
};

/** RFC 4180 as programs read it. */
export const MACHINE_CSV: CsvDialect = {
  separator: ",",
  hasByteOrderMark: false,
  decimalMark: ".",
};

/** A cell: text, a whole number, an exact decimal number, or nothing. */
export type CsvCell = string | bigint | DecimalCell | null;

/** `unscaled` / 10^`decimals`: -1250 with two decimals is -12.50. */
export interface DecimalCell {
  unscaled: bigint;
  decimals: number;
}

/**
 * A spreadsheet runs text that begins so as a formula, or that does once it has taken off blanks (OWASP, "CSV injection"). Such text
 * gets an apostrophe in front in every dialect: a file for programs is opened by a double click too.
 */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠−]|^[\t\r\n]/u;

/** A spreadsheet that splits at another separator than the file's would begin a cell there, in spite of quotes. */
const FORMULA_BEHIND_SEPARATOR = /([;,\t\r\n]["\s]*)(?=[=+\-@])/gu;

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
  const guarded = (FORMULA.test(text) ? `'${text}` : text).replace(FORMULA_BEHIND_SEPARATOR, "$1'");
  return quoted(guarded, dialect);
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
