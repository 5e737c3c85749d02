import type { BookletView } from "@/lib/services/tontines/views/get-booklet";
import { type TableCell, writeTableCsv } from "@/lib/services/tontines/views/write-table-csv";
import { personOf, stateText } from "./booklet-document";
import type { GroupFile } from "./group-document";

const COLUMNS = [
  ...([
    "section",
    "day",
    "what",
    "turn",
    "amount",
    "open",
    "state",
    "person",
    "currency",
    "reference",
  ] as const),
] as const;

type Section = "due" | "payment" | "received" | "debt" | "claim" | "kept" | "seal";
type Row = Partial<Record<Exclude<(typeof COLUMNS)[number], "section" | "currency">, TableCell>>;

/** A member's booklet as one table: a row for each due, payment, payout, debt and balance, and last the seal that covers them. */
export function bookletTable(booklet: BookletView, file: GroupFile): string {
  const { t, locale, group, seal } = file;
  const { currency } = booklet.paid;
  const row = (section: Section, cells: Row): TableCell[] =>
    COLUMNS.map((column) => {
      if (column === "section") return t(`tontineFiles.booklet.sections.${section}`);
      return column === "currency" ? (section === "seal" ? null : currency) : (cells[column] ?? null);
    });
  const dues = booklet.lines.flatMap((line) => {
    const { kind, turn, dueAt, amount, open } = line;
    const what = t(`tontines.booklet.kinds.${kind}`, { turn });
    return [
      row("due", { day: { day: dueAt }, what, turn, amount, open, state: stateText(line, file) }),
      ...line.payments.map(({ amount: paid, via, by, paidAt, reference }) => {
        const about = `${what}, ${t(`tontines.booklet.via.${via}`)}`;
        return row("payment", {
          ...{ day: { day: paidAt }, what: about, turn },
          ...{ amount: paid, person: by, reference },
        });
      }),
    ];
  });
  const received = booklet.received.map(({ turn, amount, at }) =>
    row("received", { day: { day: at }, what: t("tontines.booklet.potOf", { turn }), turn, amount }),
  );
  const debts = (["owes", "claims"] as const).flatMap((side) =>
    booklet[side].map((debt) => {
      const what = t(`tontines.booklet.kinds.${debt.kind}`, { turn: debt.turn });
      const { turn, amount, open } = debt;
      return row(side === "owes" ? "debt" : "claim", {
        ...{ what, turn, amount, open },
        person: personOf(debt, side, file),
      });
    }),
  );
  const { advance, deposit, kept } = booklet;
  return writeTableCsv(
    [
      ...[...dues, ...received, ...debts],
      row("kept", { what: t("tontines.debts.advance"), amount: advance }),
      row("kept", { what: t("tontines.debts.deposit"), amount: deposit }),
      ...(kept
        ? [
            row("kept", {
              ...{ what: t("tontines.debts.kept"), amount: kept.amount },
              state: t(`tontines.debts.reasons.${kept.reason}`),
            }),
          ]
        : []),
      ...(seal.seal
        ? [
            row("seal", {
              day: { day: seal.seal.sealedAt },
              what: t("tontineFiles.seal.number", { number: seal.seal.number.toString() }),
              reference: seal.seal.root,
            }),
          ]
        : []),
    ],
    { locale, zone: group.zone, columns: COLUMNS.map((column) => t(`tontineFiles.columns.${column}`)) },
  );
}
