import { describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import { checkDeposits, type DepositSeen, type DepositsSeen, type Sum } from "./check-deposits";
import { type DepositScript, drawDeposit, endOf, type Fate } from "./deposit-script";

const random = randomFrom("checker");
const scripts = Array.from({ length: 80 }, (_, index) => drawDeposit(random, index, 4));

function seenOf(script: DepositScript): DepositSeen {
  const { states, creditedMinor, needsReview } = endOf(script);
  const state = states[0] ?? "";
  const letters = [
    ...(needsReview === null ? [] : [needsReview]),
    ...(state === "review" ? ["review: why"] : []),
  ];
  return { script, state, creditedMinor, credits: creditedMinor > 0n ? 1 : 0, letters };
}

/** What is seen when all is well. */
function wellSeen(): DepositsSeen & { deposits: DepositSeen[]; suspense: Sum[]; cleared: Sum[] } {
  const suspense = scripts.flatMap((script) =>
    endOf(script).suspense.map((sum) => ({ ...sum, dialect: script.dialect })),
  );
  const credited = scripts.map(
    (script): Sum => ({
      dialect: script.dialect,
      currencyCode: "XOF",
      amountMinor: endOf(script).creditedMinor,
    }),
  );
  const sums = new Map<string, Sum>();
  for (const sum of [...suspense, ...credited]) {
    const key = `${sum.dialect} ${sum.currencyCode}`;
    sums.set(key, { ...sum, amountMinor: (sums.get(key)?.amountMinor ?? 0n) + sum.amountMinor });
  }
  return {
    deposits: scripts.map(seenOf),
    suspense,
    suspenseLetters: suspense.map(() => "amount_mismatch"),
    cleared: [...sums.values()],
    walletsMinor: credited.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    believed: [],
    storedEvents: 7,
    sentEvents: 7,
  };
}

/** The same but for one deposit of this fate. */
function withOne(fate: Fate, change: Partial<DepositSeen>): DepositsSeen {
  const seen = wellSeen();
  const index = seen.deposits.findIndex(({ script }) => script.fate === fate);
  expect(index).toBeGreaterThanOrEqual(0);
  const deposits = seen.deposits.map((one, at) => (at === index ? { ...one, ...change } : one));
  return { ...seen, deposits };
}

describe("the checker of deposits", () => {
  it("finds nothing where all is well", () => {
    expect(checkDeposits(wellSeen())).toEqual([]);
  });

  it.each<[string, () => DepositsSeen, RegExp]>([
    [
      "a credit that never came",
      () => withOne("paid", { creditedMinor: 0n, credits: 0 }),
      /should be credited/,
    ],
    ["a credit in two halves", () => withOne("paid", { credits: 2 }), /in 2 times/],
    [
      "a wrong amount that was credited",
      () => withOne("wrongAmount", { creditedMinor: 5n }),
      /should be credited 0/,
    ],
    ["a lost payment", () => withOne("neverTold", { state: "failed" }), /and is failed/],
    [
      "a mismatch of which nobody is told",
      () => withOne("wrongMode", { letters: [] }),
      /nobody is told of its other_mode/,
    ],
    [
      "a review that nobody sees",
      () => withOne("wrongAmount", { letters: ["amount_mismatch"] }),
      /no dead letter/,
    ],
    [
      "a wallet with a franc more",
      () => ({ ...wellSeen(), walletsMinor: wellSeen().walletsMinor + 1n }),
      /wallets should hold/,
    ],
    [
      "a clearing account that is a franc off",
      () => ({
        ...wellSeen(),
        cleared: wellSeen().cleared.map((sum, at) =>
          at === 0 ? { ...sum, amountMinor: sum.amountMinor + 1n } : sum,
        ),
      }),
      /clearing of/,
    ],
    [
      "money missing from suspense",
      () => ({ ...wellSeen(), suspense: wellSeen().suspense.slice(1) }),
      /in suspense should be/,
    ],
    ["suspense without a reason", () => ({ ...wellSeen(), suspenseLetters: [] }), /with a reason/],
    [
      "a forged callback that was believed",
      () => ({ ...wellSeen(), believed: ["no signature"] }),
      /taken for genuine/,
    ],
    ["a callback that was lost", () => ({ ...wellSeen(), storedEvents: 6 }), /6 are stored/],
  ])("goes red on %s", (_, forged, said) => {
    expect(checkDeposits(forged()).join("\n")).toMatch(said);
  });
});
