import {
  type CsvCell,
  type CsvDialect,
  csvRecord,
  csvStart,
  ENGLISH_CSV,
  FRENCH_CSV,
  MACHINE_CSV,
} from "@/lib/csv/csv";
import { CURRENCIES } from "@/lib/money/currency";
import type { StatementLine } from "./line";
import { presentLine } from "./present-line";
import type { Statement } from "./statement";
import { type StatementLocale, wordsOf } from "./texts/words-of";
import { timesIn } from "./zone-times";

type Pages = AsyncIterable<StatementLine[]>;

const DIALECTS: Readonly<Record<StatementLocale, CsvDialect>> = { fr: FRENCH_CSV, en: ENGLISH_CSV };

/**
 * A statement as one table for a spreadsheet in the reader's language: the opening balance, a record for each line, the totals,
 * and the closing balance. Times are those of the statement's zone, which the heading of their column names.
 */
export async function* writeCsv(
  statement: Statement,
  pages: Pages,
  locale: StatementLocale,
): AsyncGenerator<string> {
  const { currency, opening, closing, vaultName, subject, madeAt } = statement;
  const words = wordsOf(locale);
  const dialect = DIALECTS[locale];
  const { decimals } = CURRENCIES[currency];
  const times = timesIn(subject.zone, madeAt);
  const amount = (unscaled: bigint): CsvCell => ({ unscaled, decimals });
  const record = (cells: readonly CsvCell[]) => csvRecord(cells, dialect);
  const { columns } = words;
  const time = `${columns.time} (${times.name})`;
  const balanceRow = (label: string, [cameIn, wentOut, balance]: readonly CsvCell[]) =>
    record(["", "", label, "", "", null, cameIn ?? null, wentOut ?? null, balance ?? null, currency, ""]);
  yield csvStart(dialect) +
    record([
      columns.date,
      time,
      columns.label,
      columns.details,
      columns.reference,
      columns.fee,
      columns.in,
      columns.out,
      columns.balance,
      columns.currency,
      columns.note,
    ]) +
    balanceRow(words.opening, [null, null, amount(opening.amountMinor)]);
  let [totalIn, totalOut] = [0n, 0n];
  for await (const page of pages) {
    let text = "";
    for (const line of page) {
      const { at, label, details, reference, fee, note, amountMinor, balanceMinor } = presentLine(
        line,
        words,
        {
          isVaults: vaultName !== null,
        },
      );
      const isIn = amountMinor > 0n;
      if (isIn) totalIn += amountMinor;
      else totalOut -= amountMinor;
      const { year, month, day, time: hour } = times.parts(at);
      text += record([
        locale === "fr" ? `${day}/${month}/${year}` : `${year}-${month}-${day}`,
        hour,
        label,
        details,
        reference,
        fee ? amount(fee.amountMinor) : null,
        isIn ? amount(amountMinor) : null,
        isIn ? null : amount(-amountMinor),
        amount(balanceMinor),
        currency,
        note,
      ]);
    }
    yield text;
  }
  yield balanceRow(words.total, [amount(totalIn), amount(totalOut), null]) +
    balanceRow(words.closing, [null, null, amount(closing.amountMinor)]);
}

const MACHINE_COLUMNS = [
  "sequence",
  "recorded_at",
  "kind",
  "reference",
  "type",
  "amount_minor",
  "balance_minor",
  "currency",
  "fee_minor",
  "method",
  "counterparty",
  "counterparty_wallet_number",
  "vault_id",
  "note",
] as const;

/**
 * A statement for programs: a record for each line, times in UTC with milliseconds, amounts in minor units with a sign. `sequence` counts the
 * account's lines for ever and has no gap. The opening balance is the first line's `balance_minor` less its `amount_minor`.
 */
export async function* writeMachineCsv(statement: Statement, pages: Pages): AsyncGenerator<string> {
  yield csvRecord(MACHINE_COLUMNS, MACHINE_CSV);
  for await (const page of pages) {
    yield page.map((line) => csvRecord(machineCells(statement, line), MACHINE_CSV)).join("");
  }
}

function machineCells({ currency }: Statement, { row, kind, operation }: StatementLine): CsvCell[] {
  return [
    row.version,
    row.recordedAt.toISOString(),
    kind,
    operation?.reference ?? "",
    operation?.type ?? "",
    row.signedAmount,
    row.balanceAfter,
    currency,
    kind === "withdrawal" ? (operation?.fee.amountMinor ?? 0n) : 0n,
    operation?.method ?? "",
    operation?.counterparty?.name ?? "",
    operation?.counterparty?.walletNumber ?? "",
    operation?.vault?.id ?? null,
    operation?.note ?? "",
  ];
}
