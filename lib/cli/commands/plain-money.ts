import { formatAmount } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";

/** `5000.00 NGN`: for terminals and for programs that read them, so without groups and with an ASCII minus. */
export function plainMoney(money: Money): string {
  return `${plainNumber(money)} ${money.currency}`;
}

/** `5000.00` */
export function plainNumber(money: Money): string {
  return formatAmount(money, "en").number.replaceAll(",", "").replace("\u2212", "-");
}
