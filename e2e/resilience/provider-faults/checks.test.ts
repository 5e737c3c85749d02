import { describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import { checkDeposits } from "./check-deposits";
import { checkPayouts, checkPayoutsResolved } from "./check-payouts";
import { type DepositScript, drawDeposit, expectedEnd, type Fate } from "./deposit-script";
import type { Observed, ObservedCase, Sum } from "./payment-kind";
import { type PayoutScript, plainPayout } from "./payout-script";
import type { Script } from "./script";

const AMOUNT = 1_000n;
const SENT = new Set(["one callback"]);
const random = randomFrom("checker");
const scripts = Array.from({ length: 80 }, (_, index) => drawDeposit(random, index, 4));

function observed<S extends Script>(script: S, changes: Partial<Observed<S>> = {}): Observed<S> {
  const accepted = [{ providerReference: "TRF_1", at: 0 }];
  const record = {
    script,
    reference: "TXN-1",
    callbackUrl: "",
    calls: 1,
    queries: 0,
    accepted,
    refusedAt: [],
  };
  const nothing = { creditedMinor: 0n, credits: 0, refundedAt: null, isReversal: false, wasConflict: false };
  return { record, state: "", reason: null, ...nothing, hasProviderReference: true, reasons: [], ...changes };
}

const sums = { suspense: [], suspenseReasons: [], heldMinor: 0n, storedEvents: 1, waitingJobs: 0 };

/** The observations of a correct case of deposits, but for the one of this fate. */
function deposits(fate?: Fate, change: Partial<Observed<DepositScript>> = {}): ObservedCase<DepositScript> {
  const changed = scripts.findIndex((script) => script.fate === fate);
  const payments = scripts.map((script, index) => {
    const { states, creditedMinor, review } = expectedEnd(script);
    const [state = ""] = states;
    const reasons = [...(review === null ? [] : [review]), ...(state === "review" ? ["review: why"] : [])];
    const end = { state, creditedMinor, credits: creditedMinor > 0n ? 1 : 0, reasons };
    return observed(script, { ...end, ...(index === changed ? change : {}) });
  });
  const sumOf = ({ provider }: Script, currencyCode: string, amountMinor: bigint): Sum => {
    return { provider, currencyCode, amountMinor };
  };
  const suspense = scripts.flatMap((script) => {
    const sum = expectedEnd(script).suspense;
    return sum ? [sumOf(script, sum.currencyCode, sum.amountMinor)] : [];
  });
  const credited = scripts.map((script) => sumOf(script, "XOF", expectedEnd(script).creditedMinor));
  return {
    ...sums,
    payments,
    suspense,
    suspenseReasons: suspense.map(() => "amount_mismatch"),
    cleared: [...credited, ...suspense],
    availableMinor: credited.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
  };
}

describe("the check of deposits", () => {
  const right = deposits();
  const surplus: Sum = { provider: "queryable", currencyCode: "XOF", amountMinor: 1n };

  it("accepts a correct case", () => {
    expect(checkDeposits({ sent: SENT }, right)).toEqual([]);
  });

  it.each<[string, ObservedCase<DepositScript>, RegExp]>([
    ["a missing credit", deposits("paid", { creditedMinor: 0n, credits: 0 }), /must be credited/],
    ["a credit in two halves", deposits("paid", { credits: 2 }), /in 2 times/],
    [
      "a wrong amount that was credited",
      deposits("wrongAmount", { creditedMinor: 5n }),
      /must be credited 0/,
    ],
    ["a lost payment", deposits("paidAfterExpiry", { state: "failed" }), /and is failed/],
    [
      "a mismatch that no operator is told of",
      deposits("wrongMode", { reasons: [] }),
      /told of its other_mode/,
    ],
    ["a review without a dead letter", deposits("wrongAmount", { reasons: [] }), /no dead letter/],
    [
      "a wallet with a franc more",
      { ...right, availableMinor: right.availableMinor + 1n },
      /wallets must hold/,
    ],
    [
      "a clearing account that is a franc off",
      { ...right, cleared: [...right.cleared, surplus] },
      /clearing of/,
    ],
    ["money missing from suspense", { ...right, suspense: right.suspense.slice(1) }, /in suspense must be/],
    ["suspense without a reason", { ...right, suspenseReasons: [] }, /with a reason/],
    ["a callback that was lost", { ...right, storedEvents: 0 }, /0 are stored/],
    ["a job that never ends", { ...right, waitingJobs: 1 }, /1 jobs never ended/],
  ])("goes red on %s", (_, wrong, expected) => {
    expect(checkDeposits({ sent: SENT }, wrong).join("\n")).toMatch(expected);
  });
});

describe("the check of payouts", () => {
  /** An accepted and paid withdrawal, with changes. */
  const payout = (changes: Partial<Observed<PayoutScript>> = {}, script: Partial<PayoutScript> = {}) =>
    observed({ ...plainPayout(0, 0, AMOUNT), ...script }, { state: "paid", ...changes });
  const ends = (...statuses: ("succeeded" | "failed")[]) => ({
    timeline: statuses.map((status, at) => ({ status, at })),
  });
  const refunded = (refusedAt: number[], script: Partial<PayoutScript> = ends("failed")) => {
    const one = payout({ state: "refunded", refundedAt: 20 }, script);
    one.record.refusedAt.push(...refusedAt);
    return one;
  };
  const all = (...payments: Observed<PayoutScript>[]): ObservedCase<PayoutScript> => {
    const cleared: Sum[] = [{ provider: "queryable", currencyCode: "XOF", amountMinor: -AMOUNT }];
    return { ...sums, payments, cleared, availableMinor: AMOUNT };
  };
  const right = all(payout(), refunded([10]));
  const open = (state: string, reasons: string[], script: Partial<PayoutScript> = {}) =>
    all(payout({ state, reasons }, script));
  const unqueried = (): Partial<PayoutScript> => ({
    provider: "nonIdempotent",
    callbacks: [{ status: "succeeded", about: "it", deliveries: [] }],
  });
  const run = { sent: SENT, fundedMinor: 2n * AMOUNT };

  it("accepts a correct case, and an open payout that nobody but an operator can find out about", () => {
    expect([...checkPayouts(run, right), ...checkPayoutsResolved(run, right)]).toEqual([]);
    const told = open("unknown", ["unknown: outcome_unknown"], unqueried());
    expect(checkPayouts(run, { ...told, heldMinor: AMOUNT })).toEqual([]);
  });

  const twice = payout();
  twice.record.accepted.push({ providerReference: "TRF_2", at: 1 });
  it.each<[string, ObservedCase<PayoutScript>, RegExp]>([
    ["a payout that was made twice", all(twice), /accepted 2 times/],
    ["a refund without a conclusive refusal", all(refunded([])), /no provider had refused it/],
    ["a refund before the refusal", all(refunded([21])), /no provider had refused it/],
    ["an unrecorded conflict", all(refunded([10], ends("failed", "succeeded"))), /no conflict was recorded/],
    [
      "a refund of what was paid",
      all(payout({ state: "refunded" })),
      /is refunded, and paid by the provider's/,
    ],
    ["an open payout that a query would end", open("unknown", ["unknown: why"]), /could be found out/],
    ["an open payout without a dead letter", open("submitted", []), /no operator is told/],
    ["an open payout whose money isn't held", open("unknown", []), /are 1000, and the wallets hold 0/],
  ])("goes red on %s", (_, wrong, expected) => {
    expect(checkPayouts(run, wrong).join("\n")).toMatch(expected);
  });

  it.each<[string, ObservedCase<PayoutScript>, RegExp]>([
    ["an end that differs from the book", all(payout({ state: "refunded" })), /is refunded, and paid/],
    ["a payment that our ledger lacks", { ...right, cleared: [] }, /clearing of queryable XOF must be -1000/],
    ["missing money", { ...right, availableMinor: 999n }, /wallets must hold 1000/],
    ["money that is still held", { ...right, heldMinor: 1n }, /1 are still held/],
    ["a second payment", all(twice, refunded([10])), /clearing of queryable XOF must be -2000/],
  ])("goes red in the end on %s", (_, wrong, expected) => {
    expect(checkPayoutsResolved(run, wrong).join("\n")).toMatch(expected);
  });
});
