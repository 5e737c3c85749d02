import { describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import { checkDeposits } from "./check-deposits";
import { checkPayouts } from "./check-payouts";
import { type DepositScript, drawDeposit, expectedEnd, type Fate } from "./deposit-script";
import type { Observed, ObservedCase } from "./payment-kind";
import { type PayoutScript, plainPayout } from "./payout-script";
import type { Script } from "./script";

const random = randomFrom("checker");
const scripts = Array.from({ length: 80 }, (_, index) => drawDeposit(random, index, 4));

function observed<S extends Script>(script: S, changes: Partial<Observed<S>>): Observed<S> {
  const [accepted, refusedAt] = [[{ providerReference: "1", at: 0 }], []];
  const record = { script, reference: "TXN-1", calls: 1, queries: 0, accepted, refusedAt };
  const nothing = { refundedAt: null, isReversal: false, wasConflict: false, reasons: [] };
  return { record, reference: "TXN-1", state: "", hasProviderReference: true, ...nothing, ...changes };
}

/** The observations of a correct case of deposits, but for the one of this fate. */
function deposits(fate?: Fate, change: Partial<Observed<DepositScript>> = {}): ObservedCase<DepositScript> {
  const changed = scripts.findIndex((script) => script.fate === fate);
  const payments = scripts.map((script, index) => {
    const { states, review } = expectedEnd(script);
    const [state = ""] = states;
    const reasons = [...(review === null ? [] : [review]), ...(state === "review" ? ["review: why"] : [])];
    return observed(script, { state, reasons, ...(index === changed ? change : {}) });
  });
  const suspense = scripts.flatMap((script) => {
    const sum = expectedEnd(script).suspense;
    return sum ? [`${script.provider} ${sum.amountMinor} ${sum.currencyCode}`] : [];
  });
  return { payments, suspense };
}

describe("the check of deposits", () => {
  const right = deposits();

  it("accepts a correct case", () => {
    expect(checkDeposits(right)).toEqual([]);
  });

  it.each<[string, ObservedCase<DepositScript>, RegExp]>([
    ["a missing credit", deposits("paid", { state: "pending" }), /must be succeeded and is pending/],
    ["a credit of a wrong amount", deposits("wrongAmount", { state: "succeeded" }), /must be review/],
    ["a credit of what nobody paid", deposits("unpaid", { state: "succeeded" }), /must be expired/],
    ["a lost payment", deposits("paidAfterExpiry", { state: "failed" }), /and is failed/],
    ["a mismatch that no operator is told of", deposits("wrongMode", { reasons: [] }), /of its other_mode/],
    ["a review without a dead letter", deposits("wrongAmount", { reasons: [] }), /no dead letter/],
    ["money missing from suspense", { ...right, suspense: right.suspense.slice(1) }, /in suspense must be/],
  ])("goes red on %s", (_, wrong, expected) => {
    expect(checkDeposits(wrong).join("\n")).toMatch(expected);
  });
});

describe("the check of payouts", () => {
  /** An accepted and paid withdrawal, with changes. */
  const payout = (changes: Partial<Observed<PayoutScript>> = {}, script: Partial<PayoutScript> = {}) =>
    observed({ ...plainPayout(0, 0, 1_000n), ...script }, { state: "paid", ...changes });
  const ends = (...statuses: ("succeeded" | "failed")[]) => ({
    timeline: statuses.map((status, at) => ({ status, at })),
  });
  const refunded = (refusedAt: number[], script: Partial<PayoutScript> = ends("failed")) => {
    const one = payout({ state: "refunded", refundedAt: 20 }, script);
    one.record.refusedAt.push(...refusedAt);
    return one;
  };
  const silent = (): Partial<PayoutScript> => ({
    provider: "nonIdempotent",
    callbacks: [{ status: "succeeded", about: "it", deliveries: [] }],
  });
  const twice = payout();
  twice.record.accepted.push({ providerReference: "2", at: 1 });

  it("accepts a correct case, and an open payout that nobody but an operator can find out about", () => {
    const payments = [payout(), refunded([10])];
    const told = payout({ state: "unknown", reasons: ["unknown: outcome_unknown"] }, silent());
    expect(checkPayouts({ payments: [...payments, told], suspense: [] })).toEqual([]);
    expect(checkPayouts({ payments, suspense: [] }, { areResolved: true })).toEqual([]);
  });

  it.each<[string, Observed<PayoutScript>, RegExp]>([
    ["a payout that was made twice", twice, /accepted 2 times/],
    ["a refund without a conclusive refusal", refunded([]), /no provider had refused it/],
    ["a refund before the refusal", refunded([21]), /no provider had refused it/],
    ["an unrecorded conflict", refunded([10], ends("failed", "succeeded")), /no conflict was recorded/],
    ["a refund of what was paid", payout({ state: "refunded" }), /is refunded, and paid by the provider's/],
    ["an open payout that a query would end", payout({ state: "unknown" }), /could be found out/],
    ["an open payout without a dead letter", payout({ state: "submitted" }, silent()), /no operator is told/],
  ])("goes red on %s", (_, wrong, expected) => {
    expect(checkPayouts({ payments: [wrong], suspense: [] }).join("\n")).toMatch(expected);
  });

  it("goes red on what is still open when operators have resolved everything", () => {
    const open = { payments: [payout({ state: "unknown" }, silent())], suspense: [] };
    expect(checkPayouts(open, { areResolved: true }).join("\n")).toMatch(/is unknown, and paid/);
  });
});
