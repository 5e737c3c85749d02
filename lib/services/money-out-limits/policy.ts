import { config } from "@/lib/config";
import { CURRENCY_CODES, type Currency, minorPerMajor } from "@/lib/money/currency";

/** In major units, unless configured. */
const ALLOWED_MAJOR: Readonly<Record<Currency, bigint>> = { XOF: 25_000n, NGN: 25_000n };

/** What a limit allows of each currency, in minor units as text. */
export function allowedAmounts(): Record<string, string> {
  const configured = config().moneyOutLimits;
  const amountOf = (code: Currency) => (configured.get(code) ?? ALLOWED_MAJOR[code]) * minorPerMajor(code);
  return Object.fromEntries(CURRENCY_CODES.map((code) => [code, amountOf(code).toString()]));
}

/** How long money out is limited after a change that a thief would make first. */
export const MONEY_OUT_LIMIT_HOURS = 24;
