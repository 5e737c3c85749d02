import { formatDate } from "@/lib/i18n/format-date";
import { formatMoney } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";
import type { PdfDocument } from "@/lib/pdf/document";
import { timesIn, type ZoneTimes } from "@/lib/services/statements/zone-times";
import type { BookletLine, BookletView } from "@/lib/services/tontines/views/get-booklet";
import type { DebtView } from "@/lib/services/tontines/views/standing";
import { dayText, type GroupFile, openGroupDocument, writeSeal } from "./group-document";

interface Writing extends GroupFile {
  document: PdfDocument;
  booklet: BookletView;
  times: ZoneTimes;
  amount: (of: Money) => string;
}

/** A member's booklet as a tagged PDF: what they paid and received, owe and are owed, and what the group keeps for them. */
export function bookletDocument(booklet: BookletView, file: GroupFile) {
  const { t, locale, now } = file;
  const amount = (of: Money) => formatMoney(of, locale);
  const document = openGroupDocument(file, t("tontineFiles.booklet.title", { name: booklet.holder }), [
    { label: t("tontines.booklet.paid"), value: amount(booklet.paid), strong: true },
    { label: t("tontines.booklet.open"), value: amount(booklet.open) },
    { label: t("tontines.booklet.receivedTotal"), value: amount(booklet.receivedTotal) },
  ]);
  const writing = { ...file, document, booklet, times: timesIn(booklet.zone, now), amount };
  return {
    document,
    write: async () => {
      await writeDues(writing);
      await writeReceived(writing);
      await writeDebts(writing, "owes");
      await writeDebts(writing, "claims");
      writeKept(writing);
      writeSeal(document, file);
    },
  };
}

async function writeDues(writing: Writing): Promise<void> {
  const { t, document, booklet, amount, locale, times } = writing;
  document.heading(2, t("tontineFiles.booklet.dues"));
  if (booklet.lines.length === 0) return document.paragraph(t("tontineFiles.booklet.none"));
  const table = document.table([
    { heading: t("tontineFiles.columns.what"), share: 2.1, isRowHeader: true },
    { heading: t("tontineFiles.columns.dueAt"), share: 1.2 },
    { heading: t("tontineFiles.columns.amount"), share: 1.4, align: "right" },
    { heading: t("tontineFiles.columns.paid"), share: 3.1 },
    { heading: t("tontineFiles.columns.open"), share: 1.4, align: "right" },
    { heading: t("tontineFiles.columns.state"), share: 1 },
  ]);
  for (const line of booklet.lines) {
    await table.row([
      t(`tontines.booklet.kinds.${line.kind}`, { turn: line.turn }),
      dayText(locale, times, line.dueAt),
      amount(line.amount),
      line.payments.map((payment) => paymentText(payment, writing)).join("\n"),
      amount(line.open),
      stateText(line, writing),
    ]);
  }
  await table.row(
    [t("tontineFiles.cashbook.totals"), "", "", amount(booklet.paid), amount(booklet.open), ""],
    "bold",
  );
  table.end();
}

/** `10 000 FCFA le 4 décembre 2026, du porte-monnaie par Awa T.` */
export function paymentText(
  { amount, via, by, paidAt }: BookletLine["payments"][number],
  { t, locale, group }: GroupFile,
): string {
  const text = t("tontines.booklet.payment", {
    amount: formatMoney(amount, locale),
    day: formatDate(paidAt, locale, group.zone),
    via: t(`tontines.booklet.via.${via}`),
  });
  return by === null ? text : `${text} ${t("tontines.booklet.by")} ${by}`;
}

const STATE = {
  ...({ paid: "paid", repaid: "paid", waived: "waived", covered: "covered", late: "late" } as const),
  ...({ open: "awaited", part: "awaited", returned: "returned" } as const),
};

export const stateText = ({ state }: Pick<BookletLine, "state">, { t }: Pick<GroupFile, "t">): string =>
  t(`tontines.due.${STATE[state]}`);

async function writeReceived({ t, document, booklet, amount, locale, times }: Writing): Promise<void> {
  document.heading(2, t("tontineFiles.booklet.received"));
  if (booklet.received.length === 0) return document.paragraph(t("tontineFiles.booklet.none"));
  const table = document.table([
    { heading: t("tontineFiles.columns.day"), share: 1.3, isRowHeader: true },
    { heading: t("tontineFiles.columns.what"), share: 5 },
    { heading: t("tontineFiles.columns.amount"), share: 1.8, align: "right" },
  ]);
  for (const payout of booklet.received) {
    const parts = (["netted", "kept", "retained"] as const)
      .filter((part) => payout[part].amountMinor > 0n)
      .map((part) => t(`tontines.booklet.parts.${part}`, { amount: amount(payout[part]) }));
    await table.row([
      dayText(locale, times, payout.at),
      [t("tontines.booklet.potOf", { turn: payout.turn }), ...parts].join("\n"),
      amount(payout.amount),
    ]);
  }
  table.end();
}

async function writeDebts(writing: Writing, side: "owes" | "claims"): Promise<void> {
  const { t, document, booklet, amount } = writing;
  document.heading(2, t(`tontineFiles.booklet.${side}`));
  const debts = booklet[side];
  if (debts.length === 0) return document.paragraph(t("tontineFiles.booklet.none"));
  const table = document.table([
    { heading: t("tontineFiles.columns.person"), share: 2.4, isRowHeader: true },
    { heading: t("tontineFiles.columns.what"), share: 3 },
    { heading: t("tontineFiles.columns.amount"), share: 1.6, align: "right" },
    { heading: t("tontineFiles.columns.open"), share: 1.6, align: "right" },
  ]);
  for (const debt of debts) {
    await table.row([
      personOf(debt, side, writing),
      t(`tontines.booklet.kinds.${debt.kind}`, { turn: debt.turn }),
      amount(debt.amount),
      amount(debt.open),
    ]);
  }
  table.end();
}

/** Whom the member owes, or who owes the member. */
export function personOf(debt: DebtView, side: "owes" | "claims", { t }: Pick<GroupFile, "t">): string {
  if (side === "claims") return debt.debtor;
  return debt.creditor ?? t("tontines.debts.fund");
}

function writeKept({ t, document, booklet, amount }: Writing): void {
  const { advance, deposit, kept } = booklet;
  document.heading(2, t("tontineFiles.booklet.kept"));
  document.details([
    { label: t("tontines.debts.advance"), value: amount(advance) },
    { label: t("tontines.debts.deposit"), value: amount(deposit) },
    ...(kept
      ? [
          {
            label: t("tontines.debts.kept"),
            value: `${amount(kept.amount)}\n${t(`tontines.debts.reasons.${kept.reason}`)}`,
          },
        ]
      : []),
  ]);
}
