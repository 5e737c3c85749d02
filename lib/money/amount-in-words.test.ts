import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountInWords } from "./amount-in-words";
import type { MoneyLocale } from "./format-money";
import { AMOUNT_MINOR_MAX, money } from "./money";

/** The number alone, without its francs. */
function wordsOf(value: bigint, locale: MoneyLocale): string {
  return amountInWords(money(value, "XOF"), locale).replace(/ (de )?francs?$/, "");
}

describe("French numbers", () => {
  test.each([
    [0n, "zéro"],
    [1n, "un"],
    [16n, "seize"],
    [17n, "dix-sept"],
    [21n, "vingt et un"],
    [22n, "vingt-deux"],
    [31n, "trente et un"],
    [61n, "soixante et un"],
    [70n, "soixante-dix"],
    [71n, "soixante et onze"],
    [77n, "soixante-dix-sept"],
    [80n, "quatre-vingts"],
    [81n, "quatre-vingt-un"],
    [90n, "quatre-vingt-dix"],
    [91n, "quatre-vingt-onze"],
    [99n, "quatre-vingt-dix-neuf"],
    [100n, "cent"],
    [101n, "cent un"],
    [180n, "cent quatre-vingts"],
    [200n, "deux cents"],
    [201n, "deux cent un"],
    [999n, "neuf cent quatre-vingt-dix-neuf"],
    [1000n, "mille"],
    [1001n, "mille un"],
    [2000n, "deux mille"],
    [21_000n, "vingt et un mille"],
    [80_000n, "quatre-vingt mille"],
    [200_000n, "deux cent mille"],
    [200_080n, "deux cent mille quatre-vingts"],
    [50_400n, "cinquante mille quatre cents"],
    [504_000n, "cinq cent quatre mille"],
    [1_000_000n, "un million"],
    [80_000_000n, "quatre-vingts millions"],
    [200_000_000n, "deux cents millions"],
    [1_000_000_000n, "un milliard"],
    [2_000_001_000n, "deux milliards mille"],
    [10n ** 12n, "un billion"],
    [10n ** 15n, "un billiard"],
  ])("%s is %s", (value, words) => {
    expect(wordsOf(value, "fr")).toBe(words);
  });
});

describe("English numbers", () => {
  test.each([
    [0n, "zero"],
    [21n, "twenty-one"],
    [40n, "forty"],
    [100n, "one hundred"],
    [101n, "one hundred and one"],
    [1005n, "one thousand and five"],
    [1500n, "one thousand five hundred"],
    [9_006_000n, "nine million and six thousand"],
    [50_400n, "fifty thousand four hundred"],
    [1_000_000n, "one million"],
    [2_345_678n, "two million three hundred and forty-five thousand six hundred and seventy-eight"],
    [10n ** 15n, "one quadrillion"],
  ])("%s is %s", (value, words) => {
    expect(wordsOf(value, "en")).toBe(words);
  });
});

describe("amounts in words", () => {
  test.each([
    [money(2000n, "XOF"), "fr", "deux mille francs"],
    [money(1n, "XOF"), "fr", "un franc"],
    [money(0n, "XOF"), "fr", "zéro franc"],
    [money(1_000_000n, "XOF"), "fr", "un million de francs"],
    [money(2_000_000_000n, "XOF"), "fr", "deux milliards de francs"],
    [money(1_000_001n, "XOF"), "fr", "un million un francs"],
    [money(500_050n, "NGN"), "fr", "cinq mille nairas et cinquante kobos"],
    [money(2000n, "XOF"), "en", "two thousand francs"],
    [money(1n, "XOF"), "en", "one franc"],
    [money(500_050n, "NGN"), "en", "five thousand naira and fifty kobo"],
    [money(500_000n, "NGN"), "en", "five thousand naira"],
  ] as const)("%o in %s", (value, locale, words) => {
    expect(amountInWords(value, locale)).toBe(words);
  });

  test("different amounts have different words, and no word is undefined", () => {
    const amount = fc.bigInt({ min: 0n, max: AMOUNT_MINOR_MAX });
    fc.assert(
      fc.property(amount, amount, fc.constantFrom("fr" as const, "en" as const), (one, other, locale) => {
        const words = amountInWords(money(one, "XOF"), locale);
        expect(words).not.toMatch(/undefined|NaN| {2}|^ | $/);
        expect(words === amountInWords(money(other, "XOF"), locale)).toBe(one === other);
      }),
    );
  });

  test("a negative or too large amount is refused", () => {
    expect(() => amountInWords(money(-1n, "XOF"), "fr")).toThrow(RangeError);
    expect(() => amountInWords(money(AMOUNT_MINOR_MAX + 1n, "XOF"), "en")).toThrow(RangeError);
  });
});
