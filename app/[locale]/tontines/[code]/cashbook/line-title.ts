import type { CashbookLine } from "@/lib/services/tontines/views/list-cashbook";

type TitleKey =
  | `${"due" | "inside"}.${NonNullable<CashbookLine["dueKind"]>}`
  | `out.${"payout" | "owed" | "returned"}`
  | `in.${"advance" | "other"}`
  | `moved.${"kept" | "other"}`;

/** What a line of the cash book is: by the kinds of its accounts, and of the due that it paid. */
export function lineTitle(
  { direction, dueKind, from, to }: CashbookLine,
  t: (key: TitleKey) => string,
): string {
  if (dueKind !== null) return t(direction === "in" ? `due.${dueKind}` : `inside.${dueKind}`);
  if (direction === "out")
    return t(from === "tontine_pot" ? "out.payout" : from === "tontine_owed" ? "out.owed" : "out.returned");
  if (direction === "in") return t(to === "tontine_advance" ? "in.advance" : "in.other");
  return t(to === "tontine_owed" ? "moved.kept" : "moved.other");
}
