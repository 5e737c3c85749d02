import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Currency } from "./currency";
import { formatAmount, formatMoney, type MoneyLocale } from "./format-money";
import { AMOUNT_MINOR_MAX, money } from "./money";
import { type AmountReason, parseAmount } from "./parse-amount";

const NNBSP = "\u202f";
const NBSP = "\u00a0";

describe("francs", () => {
  test.each([
    ["5000", 5000n],
    ["5 000", 5000n],
    [`5${NBSP}000`, 5000n],
    [`5${NNBSP}000`, 5000n],
    ["5\u2009000", 5000n],
    ["5.000", 5000n],
    ["5,000", 5000n],
    [" 5000 ", 5000n],
    ["1 234 567", 1_234_567n],
    ["1.234.567", 1_234_567n],
    ["0500", 500n],
    ["1", 1n],
    ["5 000 FCFA", 5000n],
    ["FCFA 5,000", 5000n],
    ["5000F", 5000n],
    ["5000 francs", 5000n],
    ["1 franc", 1n],
    ["5 000 F CFA", 5000n],
    ["5.000 F.CFA", 5000n],
    ["5000 Francs CFA", 5000n],
    ["CFA 5000", 5000n],
    ["F CFA 5 000", 5000n],
    ["xof 5000", 5000n],
    ["5000.00", 5000n],
    ["5000,0", 5000n],
    ["5 000,00", 5000n],
    ["5.000,00 FCFA", 5000n],
    ["5,000.00", 5000n],
    ["5\u200b000", 5000n],
    ["\u202a5\u202f000\u202c", 5000n],
    ["5  000", 5000n],
    ["1000000000000000", AMOUNT_MINOR_MAX],
    [`${"0".repeat(60)}5000`, 5000n],
  ])("%j is %s", (input, amountMinor) => {
    expect(parseAmount(input, "XOF")).toEqual({ amountMinor });
  });

  test.each<[string, AmountReason]>([
    ["", "empty"],
    ["   ", "empty"],
    [" ".repeat(200), "empty"],
    ["5000,5", "no_decimals"],
    ["5000.50", "no_decimals"],
    ["5 000,05", "no_decimals"],
    ["0.00", "not_positive"],
    ["1.500.00", "no_decimals"],
    ["5000 naira", "not_a_number"],
    ["francs", "not_a_number"],
    ["F 5000 F", "not_a_number"],
    ["1.234,5", "no_decimals"],
    ["0.500", "no_decimals"],
    ["0,5", "no_decimals"],
    ["1e5", "not_a_number"],
    ["0x10", "not_a_number"],
    ["٥٠٠٠", "not_a_number"],
    ["५०००", "not_a_number"],
    ["\uff15\uff10\uff10\uff10", "not_a_number"],
    ["+5000", "not_a_number"],
    ["5000-", "not_a_number"],
    ["cinq mille", "not_a_number"],
    ["5'000", "not_a_number"],
    ["5000,", "not_a_number"],
    [".5", "not_a_number"],
    ["FCFA", "not_a_number"],
    ["₦5000", "not_a_number"],
    ["NaN", "not_a_number"],
    ["-5000", "not_positive"],
    ["\u22125000", "not_positive"],
    ["0", "not_positive"],
    ["000", "not_positive"],
    ["12345678901234567890", "too_large"],
    ["1000000000000001", "too_large"],
    ["9".repeat(500), "too_large"],
    [`${"0".repeat(61)}5000`, "too_large"],
    [`x${"9".repeat(70)}`, "not_a_number"],
    [`${"9".repeat(70)}x`, "not_a_number"],
    ["x-5", "not_a_number"],
    ["-5x", "not_a_number"],
    ["5 00", "ambiguous"],
    ["50 0000", "ambiguous"],
    ["1.000 000", "ambiguous"],
    ["1,000.000", "ambiguous"],
    ["1 .000", "ambiguous"],
  ])("%j is refused as %s", (input, reason) => {
    expect(parseAmount(input, "XOF")).toEqual({ reason });
  });
});

describe("naira", () => {
  test.each([
    ["5000", 500_000n],
    ["5,000", 500_000n],
    ["5 000", 500_000n],
    ["5,000.50", 500_050n],
    ["5000.50", 500_050n],
    ["5 000,50", 500_050n],
    ["5.000,50", 500_050n],
    ["5000.5", 500_050n],
    ["1.500.000", 150_000_000n],
    ["0.01", 1n],
    ["₦5,000.00", 500_000n],
    [`5${NNBSP}000,00${NBSP}₦`, 500_000n],
  ])("%j is %s kobo", (input, amountMinor) => {
    expect(parseAmount(input, "NGN")).toEqual({ amountMinor });
  });

  test.each<[string, AmountReason]>([
    ["1.500", "ambiguous"],
    ["12.500", "ambiguous"],
    ["150.000", "ambiguous"],
    ["5000.505", "ambiguous"],
    ["1,500,50", "ambiguous"],
    ["1.5.50", "ambiguous"],
    ["0.00", "not_positive"],
    ["10000000000000.01", "too_large"],
    ["5000 FCFA", "not_a_number"],
  ])("%j is refused as %s", (input, reason) => {
    expect(parseAmount(input, "NGN")).toEqual({ reason });
  });
});

const anyAmount = fc.bigInt({ min: 1n, max: AMOUNT_MINOR_MAX });
const anyCurrency = fc.constantFrom<Currency>("XOF", "NGN");
const anyLocale = fc.constantFrom<MoneyLocale>("fr", "en");

describe("whatever we write, we read", () => {
  test("a formatted amount parses back to itself, with its unit and without", () => {
    fc.assert(
      fc.property(anyAmount, anyCurrency, anyLocale, (amountMinor, currency, locale) => {
        const value = money(amountMinor, currency);
        expect(parseAmount(formatMoney(value, locale), currency)).toEqual({ amountMinor });
        expect(parseAmount(formatAmount(value, locale).number, currency)).toEqual({ amountMinor });
      }),
    );
  });

  test("any text is answered by an exact amount within bounds or by a reason, never by a throw", () => {
    const nasty = fc.string({ unit: fc.constantFrom(..."0123456789 .,-+eE٥\u202f₦F"), maxLength: 80 });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string()), anyCurrency, (input, currency) => {
        const parsed = parseAmount(input, currency);
        if ("reason" in parsed) return true;
        return (
          typeof parsed.amountMinor === "bigint" &&
          parsed.amountMinor > 0n &&
          parsed.amountMinor <= AMOUNT_MINOR_MAX
        );
      }),
      { numRuns: 2000 },
    );
  });

  test("digits beyond a float's precision survive", () => {
    expect(parseAmount("9007199254740.93", "NGN")).toEqual({ amountMinor: 900_719_925_474_093n });
  });
});
