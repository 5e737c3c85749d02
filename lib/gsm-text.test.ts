import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { septetsOf, toGsmText } from "./gsm-text";

describe("GSM 03.38", () => {
  test.each([
    ["é è à ù", 7],
    ["[5 €]", 3 + 2 * 3 - 1],
    ["", 0],
    ["a".repeat(160), 160],
    ["Aïssata", null],
    ["ê", null],
    ["ô", null],
    ["ç", null],
    ["’", null],
    ["5\u202f000", null],
  ])("%j takes %j septets", (text, septets) => {
    expect(septetsOf(text)).toBe(septets);
  });

  test.each([
    ["Aïssata N’Diaye", "Aissata N'Diaye"],
    ["Ça va « bien » ?", 'Ça va "bien" ?'],
    ["Ɓaaba ŋ", "Baaba n"],
    ["5\u202f000\u00a0FCFA", "5 000 FCFA"],
    ["+226\u00a070\u00a0••\u00a0••\u00a001", "+226 70 ** ** 01"],
    ["Œuvre", "OEuvre"],
    ["🎉 fête", "? fete"],
    ["عائشة", "?????"],
  ])("%j is written %j", (text, written) => {
    expect(toGsmText(text)).toBe(written);
  });

  test("any text can be written, and what is GSM already stays", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const written = toGsmText(text);
        expect(septetsOf(written)).not.toBeNull();
        expect(toGsmText(written)).toBe(written);
      }),
    );
  });
});
