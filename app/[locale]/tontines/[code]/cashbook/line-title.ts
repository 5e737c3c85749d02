import type { getTranslations } from "next-intl/server";
import type { CashbookLine } from "@/lib/services/tontines/views/list-cashbook";

type Words = Awaited<ReturnType<typeof getTranslations<"tontineBooks.cashbook">>>;

/** What a line of the cash book is: by the kinds of its accounts, and of the due that it paid. */
export function lineTitle({ direction, dueKind, from, to }: CashbookLine, t: Words): string {
  if (dueKind !== null) return t(direction === "in" ? `due.${dueKind}` : `inside.${dueKind}`);
  if (direction === "out")
    return t(from === "tontine_pot" ? "out.payout" : from === "tontine_owed" ? "out.owed" : "out.returned");
  if (direction === "in") return t(to === "tontine_advance" ? "in.advance" : "in.other");
  return t(to === "tontine_owed" ? "moved.kept" : "moved.other");
}
