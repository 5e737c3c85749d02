import { z } from "zod";
import { invariant } from "@/lib/invariant";
import { CURRENCIES, CURRENCY_CODES, type Currency } from "@/lib/money/currency";
import { AMOUNT_MINOR_MAX, type Money, money } from "@/lib/money/money";

/** An amount coming in: a JSON integer of minor units (kobo; francs for XOF), above zero. */
export const amountInput = z
  .int("invalid")
  .positive("not_positive")
  .max(Number(AMOUNT_MINOR_MAX), "too_large")
  .describe("Integer minor units: kobo for NGN, francs for XOF.")
  .meta({ example: 500000 });

/** Without it the API means NGN, as the contract does. */
export const currencyInput = z.enum(CURRENCY_CODES).default("NGN");

/** What came in, as money. */
export function moneyInput(amount: number, currency: Currency): Money {
  return money(BigInt(amount), currency);
}

export const amountOutput = z
  .number()
  .describe("Major units: 5000.00 NGN is 5000. New clients read `amount_minor`.")
  .meta({ example: 5000 });

export const amountMinorOutput = z.int().describe("Integer minor units.").meta({ example: 500000 });
export const currencyOutput = z.enum(CURRENCY_CODES).meta({ example: "NGN" });

/** What a wallet holds in one currency. */
export const balanceOutput = z.object({
  currency: currencyOutput,
  balance: z.number().describe("Available, in major units.").meta({ example: 15000.5 }),
  available_minor: z.int().meta({ example: 1500050 }),
  held_minor: z.int().describe("Reserved for withdrawals in flight.").meta({ example: 0 }),
  owed_minor: z
    .int()
    .describe(
      "What the wallet owes for deposits whose payment was given back; money that comes in pays it first.",
    )
    .meta({ example: 0 }),
});

/**
 * Major units as a JSON number, made of the decimal digits and never by dividing: fifteen digits, which every amount has
 * at most, survive a double.
 */
export function majorUnits({ amountMinor, currency }: Money): number {
  const { decimals } = CURRENCIES[currency];
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return Number(amountMinor < 0n ? `-${text}` : text);
}

/** Minor units as a JSON number. */
export function minorUnits({ amountMinor }: Money): number {
  const value = Number(amountMinor);
  invariant(Number.isSafeInteger(value), "a balance fits a JSON number");
  return value;
}

/** `amount`, `amount_minor` and `currency`, as every answer about money has them. */
export function amountFields(amount: Money): { amount: number; amount_minor: number; currency: Currency } {
  return { amount: majorUnits(amount), amount_minor: minorUnits(amount), currency: amount.currency };
}
