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
  expect(splitByWeight(5n, [{ to: "a", weight: 0n }])).toEqual([]);
});

it.each([
  // Equal remainders: the earlier ones get a unit.
  [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
  [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
  // The largest remainder gets the first unit, wherever it stands.
  [11n, [1n, 2n, 2n], [2n, 5n, 4n]],
  [11n, [2n, 1n, 2n], [5n, 2n, 4n]],
  [11n, [2n, 2n, 1n], [5n, 4n, 2n]],
  [12n, [1n, 2n, 2n], [2n, 5n, 5n]],
  [13n, [1n, 2n, 2n], [3n, 5n, 5n]],
  [13n, [2n, 2n, 1n], [5n, 5n, 3n]],
  [7n, [5n, 3n, 4n], [3n, 2n, 2n]],
  [0n, [1n, 2n], [0n, 0n]],
])("%s by the weights %s is %s", (total, given, expected) => {
  const parts = splitByWeight(
    total,
    given.map((weight, to) => ({ to, weight })),
  );
  expect(parts).toEqual(expected.map((amountMinor, to) => ({ to, amountMinor })));
});

it.each([
  // What is missing to equal parts of all that was paid.
  [3n, [0n, 0n, 0n], [1n, 1n, 1n]],
  [2n, [1n, 0n, 0n], [0n, 1n, 1n]],
  // Whoever got more already gets nothing now, and the others so much less.
  [4n, [5n, 0n, 0n], [0n, 1n, 3n]],
  [3n, [9n, 0n, 0n], [0n, 0n, 3n]],
  [4n, [0n, 5n, 0n], [1n, 0n, 3n]],
])("an instalment of %s after %s is %s", (instalment, paid, expected) => {
  const parts = splitInstalment(
    instalment,
    paid.map((paidMinor, to) => ({ to, weight: 1n, paidMinor })),
  );
  expect(parts).toEqual(expected.map((amountMinor, to) => ({ to, amountMinor })));
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

it("two halves of a share pay exactly the whole, the first one an odd unit", () => {
  fc.assert(
    fc.property(amount, (whole) => {
      expect(partOfShare(whole, 1, true) + partOfShare(whole, 1, false)).toBe(whole);
      expect(partOfShare(whole, 1, true) - partOfShare(whole, 1, false)).toBe(whole % 2n);
      expect(partOfShare(whole, 2, true)).toBe(whole);
    }),
  );
});
