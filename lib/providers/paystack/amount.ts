import { CURRENCIES, isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { ProviderError } from "../provider";
import { readWholeAmount } from "../whole-amount";

/** Paystack counts hundredths in every currency: kobo for NGN and, although XOF has no hundredths, francs × 100. */
const DECIMALS = 2;

function factorOf(currency: Money["currency"]): bigint {
  return 10n ** BigInt(DECIMALS - CURRENCIES[currency].decimals);
}

/** Throws `declined`: nothing was sent, so nothing will move. */
export function toHundredths({ amountMinor, currency }: Money): number {
  const hundredths = Number(amountMinor * factorOf(currency));
  if (!Number.isSafeInteger(hundredths) || hundredths <= 0) {
    throw new ProviderError("declined", "unsupported_amount");
  }
  return hundredths;
}

/** Refunds, and some older events, have their amount as a text. */
function hundredthsOf(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : null;
  return typeof value === "string" ? readWholeAmount(value.trim()) : null;
}

export interface ReportedAmount {
  amount: Money | null;
  currencyCode: string | null;
}

/** For an unknown currency only its code is returned; an amount that isn't whole minor units is null. */
export function readAmount(value: unknown, currency: unknown): ReportedAmount {
  const code = typeof currency === "string" ? currency.trim().toUpperCase() : "";
  const currencyCode = /^[A-Z]{3}$/.test(code) ? code : null;
  const hundredths = hundredthsOf(value);
  if (currencyCode === null || !isCurrency(currencyCode) || hundredths === null) {
    return { amount: null, currencyCode };
  }
  const factor = factorOf(currencyCode);
  const isWhole = hundredths % factor === 0n;
  return { amount: isWhole ? money(hundredths / factor, currencyCode) : null, currencyCode };
}

/**
 * The amount that was paid of the requested one. Where the payer bears Paystack's fees, `amount` includes them: they
 * aren't credited, so at most `requested_amount` counts. A lower amount was underpaid, and is returned as it is.
 */
export function readCharge(data: Record<string, unknown>): ReportedAmount {
  const { amount, requested_amount: requested, currency } = data;
  const [paid, asked] = [hundredthsOf(amount), hundredthsOf(requested)];
  const isTopped = paid !== null && asked !== null && asked < paid;
  return readAmount(isTopped ? requested : amount, currency);
}
