import { describe, expect, it } from "vitest";
import { checkAlways, checkEnd, checkHeld, checkOpen, type PayoutSeen } from "./check-payouts";
import { type PayoutScript, plainPayout } from "./payout-script";

const AMOUNT = 1_000n;

/** A withdrawal that was accepted, told and paid, but for what `changes` and `script` say. */
function seen(changes: Partial<PayoutSeen> = {}, script: Partial<PayoutScript> = {}): PayoutSeen {
  return {
    payout: {
      script: { ...plainPayout(0, 0, AMOUNT), ...script },
      reference: "TXN-1",
      callbackUrl: "",
      calls: 1,
      questions: 0,
      accepted: [{ theirs: "TRF_1", at: 0 }],
      noes: [],
    },
    state: "paid",
    refundedAt: null,
    isReversal: false,
    wasConflict: false,
    hasProviderReference: true,
    letters: [],
    ...changes,
  };
}

const paid = seen();
const failed = seen({ state: "refunded", refundedAt: 20 }, { ending: "failed" });
failed.payout.noes.push(10);
const sums = {
  cleared: new Map([["asked", AMOUNT]]),
  availableMinor: AMOUNT,
  heldMinor: 0n,
  fundedMinor: 2n * AMOUNT,
};

describe("the checker of payouts", () => {
  it("finds nothing where all is well", () => {
    const all = [paid, failed];
    expect([...checkAlways(all), ...checkOpen(all), ...checkEnd(all, sums), ...checkHeld([], 0n)]).toEqual(
      [],
    );
  });

  it("goes red on a payout that was made twice", () => {
    const twice = seen();
    twice.payout.accepted.push({ theirs: "TRF_2", at: 1 });
    expect(checkAlways([twice]).join()).toMatch(/taken on 2 times/);
    expect(checkEnd([twice, failed], sums).join()).toMatch(/clearing of asked should be 2000/);
  });

  it("goes red on a refund without a certain no, and on one before it", () => {
    const guessed = seen({ state: "refunded", refundedAt: 20 }, { ending: "failed" });
    expect(checkAlways([guessed]).join()).toMatch(/no provider had said no/);
    guessed.payout.noes.push(21);
    expect(checkAlways([guessed]).join()).toMatch(/no provider had said no/);
  });

  it("goes red on a conflict that was called out to nobody", () => {
    const both = seen({ state: "refunded", refundedAt: 20 }, { ending: "failedThenPaid" });
    both.payout.noes.push(10);
    expect(checkAlways([both]).join()).toMatch(/nobody was told of the conflict/);
    expect(checkOpen([both]).join()).toMatch(/paid by the provider's book/);
  });

  it("goes red on what stays open though it could be known, or with nobody told", () => {
    const letters = ["unknown: outcome_unknown"];
    expect(checkOpen([seen({ state: "unknown", letters })]).join()).toMatch(/could be known/);
    const mute = seen({ state: "unknown" }, { payer: "once", deliveries: [[], []] });
    expect(checkOpen([mute]).join()).toMatch(/nobody is told/);
    expect(checkOpen([{ ...mute, letters }])).toEqual([]);
  });

  it("goes red on an end that isn't the book's, on money that is missing, and on money still held", () => {
    expect(checkEnd([seen({ state: "refunded" }), failed], sums).join()).toMatch(/ended refunded/);
    expect(checkEnd([paid, failed], { ...sums, cleared: new Map() }).join()).toMatch(/clearing of asked/);
    expect(checkEnd([paid, failed], { ...sums, availableMinor: 999n }).join()).toMatch(
      /wallets should hold 1000/,
    );
    expect(checkEnd([paid, failed], { ...sums, heldMinor: 1n }).join()).toMatch(/still held/);
    expect(checkHeld([{ state: "unknown", reason: null, amountMinor: 5n }], 4n).join()).toMatch(
      /hold back 4/,
    );
  });
});
