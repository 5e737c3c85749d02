import type { Database } from "@/db/client";
import { daysOfMonth } from "@/lib/day-range";
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

/** `cauris-releve-2026-11-XOF.pdf`: ASCII without blanks, a whole month as such. */
export function fileNameOf({ subject, currency }: Statement, { format, locale }: StatementStyle): string {
  const { from, to } = subject.range;
  const month = from.slice(0, 7);
  const days = daysOfMonth(month)?.from === from && daysOfMonth(month)?.to === to ? month : `${from}_${to}`;
  const vault = subject.vaultId === null ? "" : `-${locale === "fr" ? "coffre" : "vault"}-${subject.vaultId}`;
  const suffix = format === "machine" ? "-data.csv" : `.${format}`;
  return `cauris-${wordsOf(locale).fileName}-${days}-${currency}${vault}${suffix}`;
}
