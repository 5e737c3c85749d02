import type { CashbookLine } from "@/lib/services/tontines/views/list-cashbook";

type TitleKey =
  | `${"due" | "inside"}.${NonNullable<CashbookLine["dueKind"]>}`
  | `out.${"payout" | "owed" | "returned"}`
  | `in.${"advance" | "repayment" | "other"}`
  | `moved.${"kept" | "other"}`;

/** What a line of the cash book is: by the kinds of its accounts, and of the due that it paid. */
export function lineTitle(
  { direction, dueKind, from, to }: CashbookLine,
  t: (key: TitleKey) => string,
): string {
  if (dueKind !== null) return t(direction === "in" ? `due.${dueKind}` : `inside.${dueKind}`);
  if (direction === "out")
    return t(from === "tontine_pot" ? "out.payout" : from === "tontine_owed" ? "out.owed" : "out.returned");
  if (direction === "in") {
    // A debt is repaid into what is kept for who paid, or into the fund.
    const isRepayment = to === "tontine_owed" || to === "tontine_solidarity";
    return t(to === "tontine_advance" ? "in.advance" : isRepayment ? "in.repayment" : "in.other");
  }
  return t(to === "tontine_owed" ? "moved.kept" : "moved.other");
}
