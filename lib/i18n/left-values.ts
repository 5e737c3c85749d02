import { isCurrency } from "@/lib/money/currency";
import { formatMoney } from "@/lib/money/format-money";
import type { Locale } from "./routing";

/** What a message says of an amount that is left: `left` as text, and `some`, `yes` or `no`, to choose a sentence by. */
export function leftValues(
  left: { amountMinor: bigint; currency: string } | undefined,
  locale: Locale,
): { left: string; some: "yes" | "no" } {
  if (!left || !isCurrency(left.currency)) return { left: "", some: "no" };
  const { amountMinor, currency } = left;
  return { left: formatMoney({ amountMinor, currency }, locale), some: amountMinor > 0n ? "yes" : "no" };
}
