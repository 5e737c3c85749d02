import { formatMoney } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";
import type { Locale } from "./routing";

/** What a message says of an amount that is left: `left` as text, and `some`, `yes` or `no`, to choose a sentence by. */
export function leftValues(left: Money | undefined, locale: Locale): { left: string; some: "yes" | "no" } {
  if (!left) return { left: "", some: "no" };
  return { left: formatMoney(left, locale), some: left.amountMinor > 0n ? "yes" : "no" };
}
