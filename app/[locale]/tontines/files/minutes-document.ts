import { formatMoney } from "@/lib/money/format-money";
import type { PdfDocument } from "@/lib/pdf/document";
import { timesIn } from "@/lib/services/statements/zone-times";
import type { MinutesView } from "@/lib/services/tontines/views/get-minutes";
import { dayText, type GroupFile, openGroupDocument, writeSeal } from "./group-document";
import type { minutesWords } from "./minutes-words";

type MinutesWords = Awaited<ReturnType<typeof minutesWords>>;

interface Writing extends GroupFile {
  document: PdfDocument;
  minutes: MinutesView;
  words: MinutesWords;
}

/** The minutes of a turn as a tagged PDF: roll, payouts with their approvals, fines, changes, and their hash. */
export function minutesDocument(minutes: MinutesView, words: MinutesWords, file: GroupFile) {
  const { t } = file;
  const title = t("tontineFiles.minutes.title", { turn: minutes.turn.number });
  const document = openGroupDocument(file, title, words.summary);
  const writing = { ...file, document, minutes, words };
  return {
    document,
    write: async () => {
      document.paragraph(t(`tontineBooks.minutes.${minutes.isFinal ? "final" : "notFinal"}`));
      await writeRoll(writing);
      await writePayouts(writing);
      await writeFines(writing);
      await writeChanges(writing);
      document.heading(2, t("tontineBooks.minutes.hashHeading"));
      document.paragraph(t("tontineBooks.minutes.hashText"), { muted: true });
      document.paragraph(minutes.hash);
      writeSeal(document, file);
    },
  };
}

async function writeRoll({ t, document, minutes, locale, now }: Writing): Promise<void> {
  document.heading(2, t("tontineBooks.minutes.roll"));
  const times = timesIn(minutes.zone, now);
  const table = document.table([
    { heading: t("tontineFiles.columns.person"), share: 2.2, isRowHeader: true },
    { heading: t("tontineFiles.columns.what"), share: 1.9 },
    { heading: t("tontineFiles.columns.amount"), share: 1.4, align: "right" },
    { heading: t("tontineFiles.columns.open"), share: 1.4, align: "right" },
    { heading: t("tontineFiles.columns.state"), share: 2.3 },
  ]);
  for (const due of minutes.roll) {
    const { name, kind, amount, open, state, paidAt, paidBy } = due;
    const about = [
      t(`tontines.due.${state}`),
      state === "paid" && paidAt ? dayText(locale, times, paidAt) : "",
      paidBy === null ? "" : `${t("tontineBooks.turn.paidBy")} ${paidBy}`,
    ].filter((part) => part !== "");
    await table.row([
      name,
      t(`tontineBooks.cashbook.due.${kind}`),
      formatMoney(amount, locale),
      formatMoney(open, locale),
      about.join(" · "),
    ]);
  }
  const open = minutes.expected.amountMinor - minutes.paid.amountMinor;
  await table.row(
    [
      ...[t("tontineFiles.cashbook.totals"), "", formatMoney(minutes.expected, locale)],
      ...[formatMoney({ ...minutes.expected, amountMinor: open }, locale), ""],
    ],
    "bold",
  );
  table.end();
}

async function writePayouts({ t, document, minutes, words, locale }: Writing): Promise<void> {
  document.heading(2, t("tontineBooks.minutes.payouts"));
  if (minutes.payouts.length === 0) return document.paragraph(t("tontineBooks.minutes.noPayout"));
  const table = document.table([
    { heading: t("tontineFiles.columns.person"), share: 2.2, isRowHeader: true },
    { heading: t("tontineFiles.columns.amount"), share: 1.5, align: "right" },
    { heading: t("tontineFiles.columns.state"), share: 5 },
  ]);
  for (const payout of minutes.payouts) {
    const about = words.payout(payout, (name) => name);
    await table.row([payout.receiver, formatMoney(payout.amount, locale), about]);
  }
  table.end();
}

async function writeFines({ t, document, minutes, locale }: Writing): Promise<void> {
  const { count, total, shown } = minutes.fines;
  document.heading(2, t("tontineBooks.minutes.fines"));
  document.paragraph(t("tontineBooks.minutes.fineCount", { count, amount: formatMoney(total, locale) }));
  if (shown.length === 0) return;
  const table = document.table([
    { heading: t("tontineFiles.columns.person"), share: 3, isRowHeader: true },
    { heading: t("tontineFiles.columns.amount"), share: 1.5, align: "right" },
    { heading: t("tontineFiles.columns.open"), share: 1.5, align: "right" },
  ]);
  for (const { name, amount, open } of shown) {
    await table.row([name, formatMoney(amount, locale), formatMoney(open, locale)]);
  }
  table.end();
}

async function writeChanges({ t, document, minutes, locale, now }: Writing): Promise<void> {
  document.heading(2, t("tontineBooks.minutes.changes"));
  if (minutes.changes.length === 0) return document.paragraph(t("tontineBooks.minutes.noChange"));
  const times = timesIn(minutes.zone, now);
  const table = document.table([
    { heading: t("tontineFiles.columns.day"), share: 1.2, isRowHeader: true },
    { heading: t("tontineFiles.columns.what"), share: 4 },
    { heading: t("tontineFiles.columns.person"), share: 2.5 },
  ]);
  for (const { at, kind, member } of minutes.changes) {
    await table.row([dayText(locale, times, at), t(`tontineBooks.minutes.kinds.${kind}`), member ?? ""]);
  }
  table.end();
}
