import type { MinutesView } from "@/lib/services/tontines/views/get-minutes";
import { type TableCell, writeTableCsv } from "@/lib/services/tontines/views/write-table-csv";
import type { GroupFile } from "./group-document";

const COLUMNS = [
  ...(["section", "day", "time", "what", "person", "amount", "open", "state", "by"] as const),
  ...(["currency", "reference"] as const),
] as const;

type Section = "roll" | "payout" | "approval" | "fine" | "change" | "hash" | "seal";
type Row = Partial<Record<Exclude<(typeof COLUMNS)[number], "section">, TableCell>>;

/** The minutes of a turn as one table: a row for each due, payout, approval, fine and change, then their hash and the seal. */
export function minutesTable(minutes: MinutesView, { t, locale, group }: GroupFile): string {
  const { currency, turn, roll, payouts, fines, changes } = minutes;
  const row = (section: Section, cells: Row): TableCell[] =>
    COLUMNS.map((column) =>
      column === "section" ? t(`tontineFiles.minutes.sections.${section}`) : (cells[column] ?? null),
    );
  const when = (at: Date | null) => (at === null ? {} : { day: { day: at }, time: { time: at } });
  const { seal } = minutes.seal;
  const rows = [
    ...roll.map(({ name, kind, amount, open, state, paidAt, paidBy }) =>
      row("roll", {
        ...{ ...when(paidAt), what: t(`tontineBooks.cashbook.due.${kind}`), person: name, amount, open },
        ...{ state: t(`tontines.due.${state}`), by: paidBy, currency },
      }),
    ),
    ...payouts.flatMap((payout) => [
      row("payout", {
        ...{ ...when(payout.postedAt), what: t("tontines.booklet.potOf", { turn: turn.number }) },
        ...{ person: payout.receiver, amount: payout.amount, by: payout.reason, currency },
        state: t(`tontineBooks.payout.states.${payout.state}`),
      }),
      ...payout.approvals.map(({ name, at }) => row("approval", { ...when(at), person: name })),
    ]),
    ...fines.shown.map(({ name, amount, open, state }) =>
      row("fine", { person: name, amount, open, state: t(`tontines.due.${state}`), currency }),
    ),
    row("fine", {
      what: t("tontineFiles.cashbook.totals"),
      amount: fines.total,
      currency,
    }),
    ...changes.map(({ at, kind, member }) =>
      row("change", { ...when(at), what: t(`tontineBooks.minutes.kinds.${kind}`), person: member }),
    ),
    row("hash", { what: t("tontineBooks.minutes.hashHeading"), reference: minutes.hash }),
    ...(seal
      ? [
          row("seal", {
            ...when(seal.sealedAt),
            what: t("tontineFiles.seal.number", { number: seal.number.toString() }),
            reference: seal.root,
          }),
        ]
      : []),
  ];
  const columns = COLUMNS.map((column) => t(`tontineFiles.columns.${column}`));
  return writeTableCsv(rows, { locale, zone: group.zone, columns });
}
