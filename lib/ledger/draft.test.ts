import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "@/lib/invariant";
import { AMOUNT_MINOR_MAX, money } from "@/lib/money/money";
import { chart } from "./chart";
import {
  draftDepositCredit,
  draftFreeze,
  draftRefund,
  draftReserve,
  draftReversedPayout,
  draftSettle,
  draftSuspense,
  type EntryDraft,
} from "./draft";

const currency = fc.constantFrom("XOF" as const, "NGN" as const);
const event = fc.record({
  reference: fc.string({ minLength: 1, maxLength: 40 }),
  walletId: fc.bigInt({ min: 1n, max: 10n ** 12n }),
  provider: fc.constantFrom("getmipay", "paystack"),
  occurredAt: fc.date({ noInvalidDate: true }),
  currency,
  amountMinor: fc.bigInt({ min: 1n, max: AMOUNT_MINOR_MAX / 2n }),
  feeMinor: fc.bigInt({ min: 0n, max: AMOUNT_MINOR_MAX / 4n }),
});

function withMoney(e: { currency: "XOF" | "NGN"; amountMinor: bigint; feeMinor: bigint }) {
  return { amount: money(e.amountMinor, e.currency), fee: money(e.feeMinor, e.currency) };
}

/** What an entry changes, account by account. */
function changes(drafts: EntryDraft[]): Map<string, bigint> {
  const total = new Map<string, bigint>();
  for (const { from, to, amount } of drafts.flatMap((draft) => draft.postings)) {
    total.set(from.address, (total.get(from.address) ?? 0n) - amount.amountMinor);
    total.set(to.address, (total.get(to.address) ?? 0n) + amount.amountMinor);
  }
  return new Map([...total].filter(([, change]) => change !== 0n));
}

describe("drafts", () => {
  it("sum to zero, whatever the amounts (invariant 1)", () => {
    fc.assert(
      fc.property(event, (e) => {
        const input = { ...e, ...withMoney(e) };
        const drafts = [
          draftDepositCredit(input),
          draftSuspense(input),
          draftReserve(input),
          draftSettle(input),
          draftRefund(input),
          draftFreeze(input),
          draftReversedPayout(input),
        ];
        for (const draft of drafts) {
          const sum = [...changes([draft]).values()].reduce((a, b) => a + b, 0n);
          expect(sum).toBe(0n);
        }
      }),
    );
  });

  it("a reserve and its refund cancel out, fee included", () => {
    fc.assert(
      fc.property(event, (e) => {
        const input = { ...e, ...withMoney(e) };
        expect(changes([draftReserve(input), draftRefund(input)]).size).toBe(0);
      }),
    );
  });

  it("a settled withdrawal that is reversed gives back amount and fee, and empties clearing and fees", () => {
    fc.assert(
      fc.property(event, (e) => {
        const input = { ...e, ...withMoney(e) };
        expect(changes([draftReserve(input), draftSettle(input), draftReversedPayout(input)]).size).toBe(0);
      }),
    );
  });

  it("a settled withdrawal takes amount plus fee from the wallet and gives the provider the amount", () => {
    fc.assert(
      fc.property(event, (e) => {
        const input = { ...e, ...withMoney(e) };
        const result = changes([draftReserve(input), draftSettle(input)]);
        expect(result.get(chart.available(e.walletId, e.currency).address)).toBe(
          -(e.amountMinor + e.feeMinor),
        );
        expect(result.get(chart.clearing(e.provider, e.currency).address)).toBe(e.amountMinor);
        expect(result.get(chart.fees(e.currency).address) ?? 0n).toBe(e.feeMinor);
      }),
    );
  });

  it("refuse a zero amount, a negative one, and one above the ledger's maximum", () => {
    const base = { reference: "r", walletId: 1n, provider: "x", occurredAt: new Date() };
    for (const amountMinor of [0n, -1n, AMOUNT_MINOR_MAX + 1n]) {
      expect(() => draftDepositCredit({ ...base, amount: money(amountMinor, "XOF") })).toThrow(
        InvariantError,
      );
    }
  });

  it("refuse a fee in another currency", () => {
    const input = {
      reference: "r",
      walletId: 1n,
      provider: "x",
      occurredAt: new Date(),
      amount: money(5n, "XOF"),
    };
    expect(() => draftReserve({ ...input, fee: money(1n, "NGN") })).toThrow(InvariantError);
  });
});
