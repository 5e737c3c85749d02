import type { Database } from "@/db/client";
import { type Day, daysOfMonth } from "@/lib/day-range";
import type { StatementLine } from "./line";
import type { StatementFormat } from "./schema";
import { readLines, type Statement } from "./statement";
import { type StatementLocale, wordsOf } from "./texts/words-of";
import { writeCsv, writeMachineCsv } from "./write-csv";
import { writePdf } from "./write-pdf";

/** How a statement is written. */
export interface StatementStyle {
  format: StatementFormat;
  locale: StatementLocale;
}

export const CONTENT_TYPES: Readonly<Record<StatementFormat, string>> = {
  pdf: "application/pdf",
  csv: "text/csv; charset=utf-8; header=present",
  machine: "text/csv; charset=utf-8; header=present",
};

/** The bytes of a statement, made as they are read. `onLines` hears of each page of lines before it is written. */
export async function* writeStatement(
  db: Database,
  statement: Statement,
  { format, locale }: StatementStyle,
  onLines: (count: number) => Promise<void> = async () => {},
): AsyncGenerator<Uint8Array> {
  const pages = heard(readLines(db, statement), onLines);
  if (format === "pdf") return yield* writePdf(db, statement, pages, locale);
  yield* encoded(format === "csv" ? writeCsv(statement, pages, locale) : writeMachineCsv(statement, pages));
}

async function* heard(
  pages: AsyncIterable<StatementLine[]>,
  onLines: (count: number) => Promise<void>,
): AsyncGenerator<StatementLine[]> {
  for await (const page of pages) {
    await onLines(page.length);
    yield page;
  }
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

/** What a statement's file is named after. */
interface NamedAfter {
  currency: string;
  vaultId: bigint | null;
  /** Days, both included. */
  from: Day;
  to: Day;
}

/** `cauris-releve-2026-11-XOF.pdf`: ASCII without blanks, a whole month as such. */
export function nameOf(
  { currency, vaultId, from, to }: NamedAfter,
  { format, locale }: StatementStyle,
): string {
  const month = from.slice(0, 7);
  const whole = daysOfMonth(month);
  const days = whole?.from === from && whole.to === to ? month : `${from}_${to}`;
  const vault = vaultId === null ? "" : `-${locale === "fr" ? "coffre" : "vault"}-${vaultId}`;
  const suffix = format === "machine" ? "-data.csv" : `.${format}`;
  return `cauris-${wordsOf(locale).fileName}-${days}-${currency}${vault}${suffix}`;
}

export function fileNameOf({ subject, currency }: Statement, style: StatementStyle): string {
  const { vaultId, range } = subject;
  return nameOf({ currency, vaultId, from: range.from, to: range.to }, style);
}
