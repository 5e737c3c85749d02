import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAmount, formatMoney, formatSignedMoney } from "./format-money";
import { money } from "./money";

const xof = (amountMinor: bigint) => money(amountMinor, "XOF");
const ngn = (amountMinor: bigint) => money(amountMinor, "NGN");

describe("an amount is written as people write it", () => {
  test.each([
    [xof(5000n), "fr", "5\u202f000\u00a0FCFA"],
    [xof(5000n), "en", "FCFA\u00a05,000"],
    [ngn(500_000n), "en", "₦5,000.00"],
    [ngn(500_000n), "fr", "5\u202f000,00\u00a0₦"],
    [xof(0n), "fr", "0\u00a0FCFA"],
    [xof(999n), "fr", "999\u00a0FCFA"],
    [xof(1_234_567n), "en", "FCFA\u00a01,234,567"],
    [ngn(5n), "en", "₦0.05"],
    [xof(-2000n), "fr", "\u22122\u202f000\u00a0FCFA"],
    [xof(-2000n), "en", "\u2212FCFA\u00a02,000"],
    [ngn(-5n), "en", "\u2212₦0.05"],
  ] as const)("%o in %s", (value, locale, expected) => {
    expect(formatMoney(value, locale)).toBe(expected);
  });

  test("a signed amount has a true minus or a plus, and zero has none", () => {
    expect(formatSignedMoney(xof(-2000n), "fr")).toBe("\u2212\u00a02\u202f000\u00a0FCFA");
    expect(formatSignedMoney(xof(5000n), "en")).toBe("+\u00a0FCFA\u00a05,000");
    expect(formatSignedMoney(xof(0n), "fr")).toBe("0\u00a0FCFA");
  });

  test("number and unit come apart for the large balance", () => {
    expect(formatAmount(xof(128_450n), "fr")).toEqual({
      number: "128\u202f450",
      unit: "FCFA",
      unitFirst: false,
    });
    expect(formatAmount(ngn(128_450n), "en")).toEqual({ number: "1,284.50", unit: "₦", unitFirst: true });
  });

  test("no amount holds an ordinary space, so no line breaks inside it", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom("fr" as const, "en" as const), (amountMinor, locale) => {
        expect(formatSignedMoney(xof(amountMinor), locale)).not.toContain(" ");
      }),
    );
  });
});
