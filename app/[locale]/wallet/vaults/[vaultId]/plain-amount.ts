import { CURRENCIES } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";

/** An amount as it may be typed in either language: `5000`, and with decimals `5000,50`; nothing for none. */
export function plainAmount(amount: Money | null): string {
  if (amount === null) return "";
  const { decimals } = CURRENCIES[amount.currency];
  const digits = amount.amountMinor.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return /^0*$/.test(fraction) ? whole : `${whole},${fraction}`;
}
