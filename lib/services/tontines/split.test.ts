import fc from "fast-check";
import { expect, it } from "vitest";
import { partOfShare, splitByWeight, splitInstalment } from "./split";

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
const weights = fc.array(fc.bigInt({ min: 1n, max: 2n }), { minLength: 1, maxLength: 30 });
const sumOf = (parts: readonly { amountMinor: bigint }[]) =>
  parts.reduce((sum, part) => sum + part.amountMinor, 0n);

it("a split is exact, has no negative part, and differs by at most one unit between equal weights", () => {
  fc.assert(
    fc.property(amount, weights, (total, given) => {
      const parts = splitByWeight(
        total,
        given.map((weight, to) => ({ to, weight })),
      );
      expect(sumOf(parts)).toBe(total);
      for (const weight of [1n, 2n]) {
        const equal = parts.filter((_, index) => given[index] === weight).map((part) => part.amountMinor);
        const [least, most] = [
          equal.reduce((a, b) => (a < b ? a : b), total),
          equal.reduce((a, b) => (a > b ? a : b), 0n),
        ];
        expect(equal.length === 0 || (least >= 0n && most - least <= 1n)).toBe(true);
      }
    }),
  );
});

it("nobody to share with is no division", () => {
  expect(splitByWeight(5n, [])).toEqual([]);
});

it("instalments together are split as one sum, to a unit", () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 6 }), weights, (instalments, given) => {
      const paid = given.map(() => 0n);
      let total = 0n;
      for (const instalment of instalments) {
        total += instalment;
        const parts = splitInstalment(
          instalment,
          given.map((weight, to) => ({ to, weight, paidMinor: paid[to] ?? 0n })),
        );
        expect(sumOf(parts)).toBe(instalment);
        expect(parts.every((part) => part.amountMinor >= 0n)).toBe(true);
        for (const part of parts) paid[part.to] = (paid[part.to] ?? 0n) + part.amountMinor;
      }
      const fair = splitByWeight(
        total,
        given.map((weight, to) => ({ to, weight })),
      );
      for (const { to, amountMinor } of fair) {
        const gap = amountMinor - (paid[to] ?? 0n);
        expect(gap * gap <= BigInt(given.length) ** 2n).toBe(true);
      }
    }),
  );
});

it("two halves of a share pay exactly the whole", () => {
  fc.assert(
    fc.property(amount, (whole) => {
      expect(partOfShare(whole, 1, true) + partOfShare(whole, 1, false)).toBe(whole);
      expect(partOfShare(whole, 2, true)).toBe(whole);
    }),
  );
});
