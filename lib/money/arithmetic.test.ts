import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantError } from "@/lib/invariant";
import { add, compare, subtract, sum } from "./arithmetic";
import { CURRENCY_CODES } from "./currency";
import { AMOUNT_MINOR_MAX, money } from "./money";

const anyMinor = fc.bigInt({ min: -AMOUNT_MINOR_MAX, max: AMOUNT_MINOR_MAX });
const anyCurrency = fc.constantFrom(...CURRENCY_CODES);
const anyTwo = fc
  .tuple(anyCurrency, anyMinor, anyMinor)
  .map(([currency, one, other]) => [money(one, currency), money(other, currency)] as const);
const twoCurrencies = fc
  .tuple(anyMinor, anyMinor, fc.shuffledSubarray([...CURRENCY_CODES], { minLength: 2, maxLength: 2 }))
  .map(([one, other, [first = "XOF", second = "NGN"]]) => [money(one, first), money(other, second)] as const);

describe("amounts of one currency", () => {
  test("adding is exact, in any order, and subtracting undoes it", () => {
    fc.assert(
      fc.property(anyTwo, ([one, other]) => {
        expect(add(one, other)).toEqual(money(one.amountMinor + other.amountMinor, one.currency));
        expect(add(one, other)).toEqual(add(other, one));
        expect(subtract(add(one, other), other)).toEqual(one);
      }),
    );
  });

  test("comparing orders them as their minor units are ordered", () => {
    fc.assert(
      fc.property(anyTwo, ([one, other]) => {
        expect(compare(one, other)).toBe(Math.sign(Number(one.amountMinor - other.amountMinor)));
        expect(compare(one, other) + compare(other, one)).toBe(0);
        expect(compare(one, one)).toBe(0);
      }),
    );
  });

  test("a sum of none is zero, and any other is what adding one by one gives", () => {
    fc.assert(
      fc.property(anyCurrency, fc.array(anyMinor), (currency, all) => {
        const total = all.reduce((before, each) => before + each, 0n);
        expect(
          sum(
            all.map((each) => money(each, currency)),
            currency,
          ),
        ).toEqual(money(total, currency));
      }),
    );
  });

  test("the operands stay as they were", () => {
    const one = Object.freeze(money(5n, "XOF"));
    const other = Object.freeze(money(3n, "XOF"));
    add(one, other);
    subtract(one, other);
    expect([one, other]).toEqual([money(5n, "XOF"), money(3n, "XOF")]);
  });
});

test("amounts of two currencies are refused, whatever they are", () => {
  fc.assert(
    fc.property(twoCurrencies, ([one, other]) => {
      for (const operation of [add, subtract, compare]) {
        expect(() => operation(one, other)).toThrow(InvariantError);
      }
      expect(() => sum([one, other], one.currency)).toThrow(InvariantError);
      expect(() => sum([other], one.currency)).toThrow(InvariantError);
    }),
  );
});

test("a result that PostgreSQL's bigint can't hold is refused", () => {
  const largest = money(2n ** 63n - 1n, "XOF");
  const smallest = money(-(2n ** 63n), "XOF");
  const one = money(1n, "XOF");
  expect(() => add(largest, one)).toThrow(InvariantError);
  expect(() => subtract(smallest, one)).toThrow(InvariantError);
  expect(subtract(largest, one).amountMinor).toBe(2n ** 63n - 2n);
  expect(add(subtract(largest, one), one)).toEqual(largest);
  expect(subtract(add(smallest, one), one)).toEqual(smallest);
});
