import { setImmediate as othersTurn } from "node:timers/promises";
import { formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import type { PdfDocument } from "@/lib/pdf/document";
import { timesIn } from "@/lib/services/statements/zone-times";
import type { CashbookLine, WholeCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { lineTitle } from "../[code]/cashbook/line-title";
import { dayText, type GroupFile, openGroupDocument, writeSeal } from "./group-document";

/** Longer books are downloaded as CSV: a row takes about 0.6 ms, and its tags stay in memory until the file ends. */
export const CASHBOOK_PDF_LINES_MAX = 2_000;

/** Rows are drawn without waiting for anything: other requests of this process get their turn every few hundredths of a second. */
const ROWS_AT_A_STRETCH = 25;

/** A group's cash book as a tagged PDF: each posting with what the group held after it, and the seal that covers them. */
export function cashbookDocument(book: WholeCashbook, file: GroupFile) {
  const { t, locale } = file;
  const last = book.lines.at(-1);
  const held = last
    ? [{ label: t("tontineBooks.cashbook.held"), value: formatMoney(last.balance, locale) }]
    : [];
  const document = openGroupDocument(file, t("tontineFiles.cashbook.title"), held);
  return {
    document,
    write: async () => {
      if (last) await writeLines(document, book, file);
      else document.paragraph(t("tontineBooks.cashbook.empty"));
      writeSeal(document, file);
    },
  };
}

async function writeLines(document: PdfDocument, book: WholeCashbook, file: GroupFile): Promise<void> {
  const { t, locale, now } = file;
  const times = timesIn(book.zone, now);
  const heading = (column: "number" | "day" | "what" | "in" | "out" | "balance") =>
    t(`tontineFiles.columns.${column}`);
  const table = document.table([
    { heading: heading("number"), share: 0.6, isRowHeader: true },
    { heading: heading("day"), share: 1.35 },
    { heading: heading("what"), share: 3 },
    { heading: heading("in"), share: 1.5, align: "right" },
    { heading: heading("out"), share: 1.5, align: "right" },
    { heading: heading("balance"), share: 1.6, align: "right" },
  ]);
  let [totalIn, totalOut] = [0n, 0n];
  for (const [index, line] of book.lines.entries()) {
    const { direction, amount, balance, at, number } = line;
    if (direction === "in") totalIn += amount.amountMinor;
    if (direction === "out") totalOut += amount.amountMinor;
    const shown = formatMoney(amount, locale);
    await table.row([
      String(number),
      `${dayText(locale, times, at)} ${times.parts(at).time}`,
      whatOf(line, file),
      direction === "in" ? shown : "",
      direction === "out" ? shown : "",
      formatMoney(balance, locale),
    ]);
    if (index % ROWS_AT_A_STRETCH === 0) await othersTurn();
  }
  const totals = [totalIn, totalOut].map((total) => formatMoney(money(total, book.currency), locale));
  const closing = book.lines.at(-1)?.balance;
  await table.row(
    ["", "", t("tontineFiles.cashbook.totals"), ...totals, closing ? formatMoney(closing, locale) : ""],
    "bold",
  );
  table.end();
}

/** What a line is, then its turn, whose it is and who paid; the sum of what moved inside of the group. */
function whatOf(line: CashbookLine, { t, locale }: GroupFile): string {
  const title = lineTitle(line, (key) => t(`tontineBooks.cashbook.${key}`));
  const { turn, member, payer, direction, amount } = line;
  const about = [
    turn === null ? "" : t("tontineBooks.cashbook.turn", { turn }),
    member ?? "",
    payer === null ? "" : `${t("tontineBooks.cashbook.paidBy")} ${payer}`,
    direction === "inside" ? formatMoney(amount, locale) : "",
  ].filter((part) => part !== "");
  return about.length === 0 ? title : `${title}\n${about.join(" · ")}`;
}
