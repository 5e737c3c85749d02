import { describe, expect, it } from "vitest";
import { checkAlways, checkEnd, checkHeld, checkOpen, type ObservedPayout } from "./check-payouts";
import { type PayoutScript, plainPayout } from "./payout-script";

const AMOUNT = 1_000n;

/** An accepted and paid withdrawal, with changes. */
function observed(changes: Partial<ObservedPayout> = {}, script: Partial<PayoutScript> = {}): ObservedPayout {
  return {
    payout: {
      script: { ...plainPayout(0, 0, AMOUNT), ...script },
      reference: "TXN-1",
      callbackUrl: "",
      calls: 1,
      queries: 0,
      accepted: [{ providerReference: "TRF_1", at: 0 }],
      refusedAt: [],
    },
    state: "paid",
    refundedAt: null,
    isReversal: false,
    wasConflict: false,
    hasProviderReference: true,
    reasons: [],
    ...changes,
  };
}

const paid = observed();
const failed = observed({ state: "refunded", refundedAt: 20 }, { ending: "failed" });
failed.payout.refusedAt.push(10);
const sums = {
  cleared: new Map([["queryable", AMOUNT]]),
  availableMinor: AMOUNT,
  heldMinor: 0n,
  fundedMinor: 2n * AMOUNT,
};

describe("the oracle of payouts", () => {
  it("accepts a correct case", () => {
    const all = [paid, failed];
    expect([...checkAlways(all), ...checkOpen(all), ...checkEnd(all, sums), ...checkHeld([], 0n)]).toEqual(
      [],
    );
  });

  it("goes red on a payout that was made twice", () => {
    const twice = observed();
    twice.payout.accepted.push({ providerReference: "TRF_2", at: 1 });
    expect(checkAlways([twice]).join()).toMatch(/accepted 2 times/);
    expect(checkEnd([twice, failed], sums).join()).toMatch(/clearing of queryable must be 2000/);
  });

  it("goes red on a refund without a conclusive refusal, or before it", () => {
    const early = observed({ state: "refunded", refundedAt: 20 }, { ending: "failed" });
    expect(checkAlways([early]).join()).toMatch(/no provider had refused it/);
    early.payout.refusedAt.push(21);
    expect(checkAlways([early]).join()).toMatch(/no provider had refused it/);
  });

  it("goes red on an unrecorded conflict", () => {
    const both = observed({ state: "refunded", refundedAt: 20 }, { ending: "failedThenPaid" });
    both.payout.refusedAt.push(10);
    expect(checkAlways([both]).join()).toMatch(/no conflict was recorded/);
    expect(checkOpen([both]).join()).toMatch(/paid by the provider's book/);
  });

  it("goes red on an open payout that a query would end, or that has no dead letter", () => {
    const reasons = ["unknown: outcome_unknown"];
    expect(checkOpen([observed({ state: "unknown", reasons })]).join()).toMatch(/could be found out/);
    const untold = observed({ state: "unknown" }, { payoutProvider: "nonIdempotent", deliveries: [[], []] });
    expect(checkOpen([untold]).join()).toMatch(/no operator is told/);
    expect(checkOpen([{ ...untold, reasons }])).toEqual([]);
  });

  it("goes red on an end that differs from the book, on missing money, and on money still held", () => {
    expect(checkEnd([observed({ state: "refunded" }), failed], sums).join()).toMatch(/ended refunded/);
    expect(checkEnd([paid, failed], { ...sums, cleared: new Map() }).join()).toMatch(/clearing of queryable/);
    expect(checkEnd([paid, failed], { ...sums, availableMinor: 999n }).join()).toMatch(
      /wallets must hold 1000/,
    );
    expect(checkEnd([paid, failed], { ...sums, heldMinor: 1n }).join()).toMatch(/still held/);
    expect(checkHeld([{ state: "unknown", reason: null, amountMinor: 5n }], 4n).join()).toMatch(
      /wallets hold 4/,
    );
  });
});
