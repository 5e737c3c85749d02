import { setImmediate as othersTurn } from "node:timers/promises";
import type { Database } from "@/db/client";
import { config } from "@/lib/config";
import { startOfDay } from "@/lib/day-range";
import { groupWalletNumber } from "@/lib/group-wallet-number";
import { formatDate, formatDateTimeInZone } from "@/lib/i18n/format-date";
import { findSealOfEntry } from "@/lib/ledger/sealing/find-seal";
import { formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { createDocument, type PdfDocument } from "@/lib/pdf/document";
import type { StatementLine } from "./line";
import { type PresentedLine, presentLine } from "./present-line";
import { type Statement, totalsOf } from "./statement";
import type { StatementWords } from "./texts/words";
import { type StatementLocale, wordsOf } from "./texts/words-of";
import { timesIn, type ZoneTimes } from "./zone-times";

type Pages = AsyncIterable<StatementLine[]>;

interface Writing {
  db: Database;
  statement: Statement;
  locale: StatementLocale;
  words: StatementWords;
  /** An amount of the statement's currency. */
  amount: (of: Money) => string;
}

/**
 * A statement as a tagged PDF, its bytes as they are written: who and what, the balances and totals, a row for each line, and the
 * seal of the ledger that covers them.
 */
export async function* writePdf(
  db: Database,
  statement: Statement,
  pages: Pages,
  locale: StatementLocale,
): AsyncGenerator<Uint8Array> {
  const words = wordsOf(locale);
  const title = statement.vaultName === null ? words.title : words.vaultTitle(statement.vaultName);
  const document = createDocument({
    size: "A4",
    locale,
    title: `${title} · ${statement.walletNumber}`,
    footer: `Cauris · ${words.walletNumber} ${groupWalletNumber(statement.walletNumber)}`,
    pageOf: (page, total) => words.page(page, total),
    createdAt: statement.madeAt,
  });
  const amount = (of: Money) => formatMoney(of, locale);
  const writing = write(document, { db, statement, locale, words, amount }, title, pages).catch(
    (error: unknown) => {
      document.fail(error instanceof Error ? error : new Error("the statement could not be written"));
    },
  );
  const reader = document.stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
    await writing;
  }
}

async function write(document: PdfDocument, writing: Writing, title: string, pages: Pages): Promise<void> {
  document.heading(1, title);
  document.paragraph(periodOf(writing), { bold: true });
  await writeSummary(document, writing);
  const lastEntryId = await writeTable(document, writing, pages);
  if (writing.statement.vaultName === null) document.paragraph(writing.words.reservedText, { muted: true });
  await writeSeal(document, writing, lastEntryId);
  document.finish();
}

function periodOf({ statement, words, locale }: Writing): string {
  const { range, zone } = statement.subject;
  const written = (day: string) => formatDate(startOfDay(day, zone), locale, zone);
  return words.period(written(range.from), written(range.to));
}

async function writeSummary(
  document: PdfDocument,
  { db, statement, words, locale, amount }: Writing,
): Promise<void> {
  const { holder, walletNumber, subject, madeAt, opening, closing, reserved } = statement;
  const { totalIn, totalOut } = await totalsOf(db, statement);
  document.details([
    { label: words.holder, value: holder },
    { label: words.walletNumber, value: groupWalletNumber(walletNumber) },
    { label: words.zone, value: timesIn(subject.zone, madeAt).name },
    { label: words.madeAt, value: formatDateTimeInZone(madeAt, locale, subject.zone) },
    { label: words.opening, value: amount(opening) },
    { label: words.totalIn, value: amount(totalIn) },
    { label: words.totalOut, value: amount(totalOut) },
    { label: words.closing, value: amount(closing), strong: true },
    ...(reserved === null ? [] : [{ label: words.reserved, value: amount(reserved) }]),
  ]);
}

/** Answers the ledger entry of the last line; null without lines. */
async function writeTable(document: PdfDocument, writing: Writing, pages: Pages): Promise<bigint | null> {
  const { statement, words, amount } = writing;
  const { columns } = words;
  if (statement.lineCount === 0n) {
    document.paragraph(words.nothing);
    return null;
  }
  const table = document.table([
    { heading: columns.date, share: 1.2, isRowHeader: true },
    { heading: columns.label, share: 2.9 },
    { heading: columns.reference, share: 2.05 },
    { heading: columns.in, share: 1.55, align: "right" },
    { heading: columns.out, share: 1.55, align: "right" },
    { heading: columns.balance, share: 1.6, align: "right" },
  ]);
  await table.row(["", words.opening, "", "", "", amount(statement.opening)], "bold");
  const times = timesIn(statement.subject.zone, statement.madeAt);
  let [totalIn, totalOut] = [0n, 0n];
  let lastEntryId: bigint | null = null;
  let written = 0;
  for await (const page of pages) {
    for (const line of page) {
      const presented = presentLine(line, words, { isVaults: statement.vaultName !== null });
      if (presented.amountMinor > 0n) totalIn += presented.amountMinor;
      else totalOut -= presented.amountMinor;
      await table.row(cellsOf(presented, times, writing));
      lastEntryId = line.row.entryId;
      written += 1;
      if (written % ROWS_AT_A_STRETCH === 0) await othersTurn();
    }
  }
  const { currency } = statement;
  const totals = [money(totalIn, currency), money(totalOut, currency)].map(amount);
  await table.row(["", words.total, "", ...totals, ""], "bold");
  await table.row(["", words.closing, "", "", "", amount(statement.closing)], "bold");
  table.end();
  return lastEntryId;
}

/** Rows are drawn without waiting for anything: other requests of this process get their turn every few hundredths of a second. */
const ROWS_AT_A_STRETCH = 25;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function cellsOf(
  line: PresentedLine,
  times: ZoneTimes,
  { statement, locale, words, amount }: Writing,
): string[] {
  const { at, label, details, fee, note, reference, amountMinor, balanceMinor } = line;
  const { year, month, day, time } = times.parts(at);
  const date = locale === "fr" ? `${day}/${month}/${year}` : `${day} ${MONTHS[Number(month) - 1]} ${year}`;
  const about = [details, fee ? words.fee(amount(fee)) : "", note].filter((part) => part !== "");
  const { currency } = statement;
  const shown = amount(money(amountMinor < 0n ? -amountMinor : amountMinor, currency));
  return [
    `${date.replaceAll(" ", "\u00a0")} ${time}`,
    about.length === 0 ? label : `${label}\n${about.join(" · ")}`,
    reference,
    amountMinor > 0n ? shown : "",
    amountMinor > 0n ? "" : shown,
    amount(money(balanceMinor, currency)),
  ];
}

async function writeSeal(
  document: PdfDocument,
  { db, statement, words, locale }: Writing,
  lastEntryId: bigint | null,
): Promise<void> {
  if (lastEntryId === null) return;
  const seal = await findSealOfEntry(db, lastEntryId);
  if (seal === null) return document.paragraph(words.unsealed, { muted: true });
  const at = formatDateTimeInZone(seal.sealedAt, locale, statement.subject.zone);
  document.paragraph(words.sealed(seal.number.toString(), at), { muted: true });
  const space = locale === "fr" ? "\u00a0" : "";
  document.paragraph(`${words.root}${space}: ${seal.root}`, { muted: true });
  document.paragraph(`${words.check}${space}: ${config().baseUrl}/${locale}/help#seal`, {
    muted: true,
  });
}
