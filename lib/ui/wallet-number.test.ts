import { describe, expect, it } from "vitest";
import { isWalletNumber, newWalletNumber } from "@/lib/ids";
import { groupWalletNumber, isWholeWalletNumber, looksLikeWalletNumber } from "./wallet-number";

describe("a wallet number in the browser", () => {
  it("has the same result in the browser and on the server, for each digit changed to each other one", () => {
    for (let round = 0; round < 20; round += 1) {
      const number = newWalletNumber();
      expect(looksLikeWalletNumber(number)).toBe(true);
      for (let position = 0; position < 13; position += 1) {
        for (let digit = 0; digit < 10; digit += 1) {
          const other = number.slice(0, position) + digit + number.slice(position + 1);
          expect([other, looksLikeWalletNumber(other)]).toEqual([other, isWalletNumber(other)]);
        }
      }
    }
  });

  it("may be typed in groups, and is complete with its thirteenth digit", () => {
    const number = newWalletNumber();
    const grouped = groupWalletNumber(number);
    expect(grouped).toMatch(/^\d{4}\u00a0\d{4}\u00a0\d{4}\u00a0\d$/);
    expect(looksLikeWalletNumber(grouped)).toBe(true);
    expect(looksLikeWalletNumber(number.replace(/(\d{3})/g, "$1-"))).toBe(true);
    expect(isWholeWalletNumber(grouped)).toBe(true);
    expect(isWholeWalletNumber(number.slice(1))).toBe(false);
    expect(looksLikeWalletNumber(number.slice(1))).toBe(false);
  });
});
