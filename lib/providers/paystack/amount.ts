import { CURRENCIES, isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { ProviderError } from "../provider";

/** Paystack speaks of hundredths in every currency: kobo for NGN, and for XOF, which has none, francs × 100. */
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

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

export interface ToldAmount {
  amount: Money | null;
  currencyCode: string | null;
}

/** A currency that isn't ours is named and never converted, an amount that isn't whole minor units is none. */
export function readAmount(value: unknown, currency: unknown): ToldAmount {
  const currencyCode = typeof currency === "string" && /^[A-Z]{3}$/.test(currency) ? currency : null;
  if (currencyCode === null || !isCurrency(currencyCode) || !isAmount(value)) {
    return { amount: null, currencyCode };
  }
  const hundredths = BigInt(value);
  const factor = factorOf(currencyCode);
  const isWhole = hundredths % factor === 0n;
  return { amount: isWhole ? money(hundredths / factor, currencyCode) : null, currencyCode };
}

/**
 * What was paid of what was asked. `amount` holds Paystack's fees too where the payer bears them: those are nobody's
 * money here, so no more than `requested_amount` counts. Less than that was paid short, and is told as it is.
 */
export function readCharge(data: Record<string, unknown>): ToldAmount {
  const { amount, requested_amount: requested, currency } = data;
  const isTopped = isAmount(amount) && isAmount(requested) && requested < amount;
  return readAmount(isTopped ? requested : amount, currency);
}
