import { describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import { checkDeposits, type ObservedDeposit, type ObservedDeposits, type Sum } from "./check-deposits";
import { type DepositScript, drawDeposit, expectedEnd, type Fate } from "./deposit-script";

const random = randomFrom("checker");
const scripts = Array.from({ length: 80 }, (_, index) => drawDeposit(random, index, 4));

function observedOf(script: DepositScript): ObservedDeposit {
  const { states, creditedMinor, needsReview } = expectedEnd(script);
  const state = states[0] ?? "";
  const reasons = [
    ...(needsReview === null ? [] : [needsReview]),
    ...(state === "review" ? ["review: why"] : []),
  ];
  return { script, state, creditedMinor, credits: creditedMinor > 0n ? 1 : 0, reasons };
}

/** The observations of a correct case. */
function correctCase(): ObservedDeposits & { deposits: ObservedDeposit[]; suspense: Sum[]; cleared: Sum[] } {
  const suspense = scripts.flatMap((script) =>
    expectedEnd(script).suspense.map((sum) => ({ ...sum, dialect: script.dialect })),
  );
  const credited = scripts.map(
    (script): Sum => ({
      dialect: script.dialect,
      currencyCode: "XOF",
      amountMinor: expectedEnd(script).creditedMinor,
    }),
  );
  const sums = new Map<string, Sum>();
  for (const sum of [...suspense, ...credited]) {
    const key = `${sum.dialect} ${sum.currencyCode}`;
    sums.set(key, { ...sum, amountMinor: (sums.get(key)?.amountMinor ?? 0n) + sum.amountMinor });
  }
  return {
    deposits: scripts.map(observedOf),
    suspense,
    suspenseReasons: suspense.map(() => "amount_mismatch"),
    cleared: [...sums.values()],
    walletsMinor: credited.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    acceptedForgeries: [],
    storedEvents: 7,
    sentEvents: 7,
  };
}

/** A correct case with a change of one deposit of this fate. */
function withOne(fate: Fate, change: Partial<ObservedDeposit>): ObservedDeposits {
  const observed = correctCase();
  const index = observed.deposits.findIndex(({ script }) => script.fate === fate);
  expect(index).toBeGreaterThanOrEqual(0);
  const deposits = observed.deposits.map((one, at) => (at === index ? { ...one, ...change } : one));
  return { ...observed, deposits };
}

describe("the oracle of deposits", () => {
  it("accepts a correct case", () => {
    expect(checkDeposits(correctCase())).toEqual([]);
  });

  it.each<[string, () => ObservedDeposits, RegExp]>([
    ["a missing credit", () => withOne("paid", { creditedMinor: 0n, credits: 0 }), /must be credited/],
    ["a credit in two halves", () => withOne("paid", { credits: 2 }), /in 2 times/],
    [
      "a wrong amount that was credited",
      () => withOne("wrongAmount", { creditedMinor: 5n }),
      /must be credited 0/,
    ],
    ["a lost payment", () => withOne("noCallback", { state: "failed" }), /and is failed/],
    [
      "a mismatch that no operator is told of",
      () => withOne("wrongMode", { reasons: [] }),
      /no operator is told of its other_mode/,
    ],
    [
      "a review without a dead letter",
      () => withOne("wrongAmount", { reasons: ["amount_mismatch"] }),
      /no dead letter/,
    ],
    [
      "a wallet with a franc more",
      () => ({ ...correctCase(), walletsMinor: correctCase().walletsMinor + 1n }),
      /wallets must hold/,
    ],
    [
      "a clearing account that is a franc off",
      () => ({
        ...correctCase(),
        cleared: correctCase().cleared.map((sum, at) =>
          at === 0 ? { ...sum, amountMinor: sum.amountMinor + 1n } : sum,
        ),
      }),
      /clearing of/,
    ],
    [
      "money missing from suspense",
      () => ({ ...correctCase(), suspense: correctCase().suspense.slice(1) }),
      /in suspense must be/,
    ],
    ["suspense without a reason", () => ({ ...correctCase(), suspenseReasons: [] }), /with a reason/],
    [
      "a forged callback that was accepted",
      () => ({ ...correctCase(), acceptedForgeries: ["no signature"] }),
      /was accepted/,
    ],
    ["a callback that was lost", () => ({ ...correctCase(), storedEvents: 6 }), /6 are stored/],
  ])("goes red on %s", (_, change, expected) => {
    expect(checkDeposits(change()).join("\n")).toMatch(expected);
  });
});
