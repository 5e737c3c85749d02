import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "@/lib/invariant";
import { AMOUNT_MINOR_MAX, money } from "@/lib/money/money";
import { chart } from "./chart";
import {
  draftAssign,
  draftDepositCredit,
  draftEntry,
  draftFreeze,
  draftRefund,
  draftRepayment,
  draftReserve,
  draftReversedPayout,
  draftSettle,
  draftSuspense,
  draftTakeBack,
  draftUnfreeze,
  draftVaultDeposit,
  draftVaultWithdrawal,
  type EntryDraft,
} from "./draft";
import {
  draftDueFromGroup,
  draftFromTontine,
  draftKeptAtClosing,
  draftPayoutRest,
  draftToTontine,
} from "./draft-tontine";

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

const fixed = { reference: "R1", occurredAt: new Date(0), walletId: 7n, provider: "paystack" };
const amount = money(500n, "XOF");
const fee = money(25n, "XOF");
const paid = { ...fixed, amount, fee };
const tontine = { id: 3n, currency: "XOF" } as const;
const within = { tontine, occurredAt: new Date(0), amount };
const pot = () => chart.tontinePot(tontine, 4n);

/** An entry as one line: what names its business event, and its postings. */
function lineOf({ source, step, postings }: EntryDraft): string {
  const moves = postings.map(
    (each) => `${each.from.address} > ${each.to.address} ${each.amount.amountMinor}`,
  );
  return `${source} ${step}: ${moves.join(", ")}`;
}

describe("an entry names its business event, by which it posts once for ever, and its accounts", () => {
  const [available, held] = ["wallet/7/XOF/available", "wallet/7/XOF/held"];
  const clearing = "clearing/paystack/XOF";
  it.each([
    [() => draftDepositCredit(paid), `R1 credit: ${clearing} > ${available} 500`],
    [() => draftSuspense(paid), `R1 suspense: ${clearing} > suspense/XOF 500`],
    [() => draftAssign({ ...paid, suspenseEntryId: 9n }), `R1 credit: suspense/XOF > ${available} 500`],
    [() => draftRepayment(paid), `R1 repay: ${available} > wallet/7/XOF/owed 500`],
    [() => draftReserve(paid), `R1 reserve: ${available} > ${held} 525`],
    [() => draftSettle(paid), `R1 settle: ${held} > ${clearing} 500, ${held} > fees/XOF 25`],
    [() => draftSettle({ ...paid, fee: money(0n, "XOF") }), `R1 settle: ${held} > ${clearing} 500`],
    [() => draftRefund(paid), `R1 refund: ${held} > ${available} 525`],
    [() => draftFreeze(paid), `R1 freeze: ${available} > ${held} 525`],
    [() => draftUnfreeze(paid), `R1 unfreeze: ${held} > ${available} 525`],
    [
      () => draftReversedPayout(paid),
      `R1 refund: ${clearing} > ${available} 500, fees/XOF > ${available} 25`,
    ],
    [
      () => draftReversedPayout({ ...paid, fee: money(0n, "XOF") }),
      `R1 refund: ${clearing} > ${available} 500`,
    ],
    [
      () => draftVaultDeposit({ ...paid, vaultId: 2n }),
      `R1 vault_deposit: ${available} > wallet/7/XOF/vault/2 500`,
    ],
    [
      () => draftVaultWithdrawal({ ...paid, vaultId: 2n }),
      `R1 vault_withdrawal: wallet/7/XOF/vault/2 > ${available} 500`,
    ],
    [
      () => draftTakeBack({ ...fixed, disputeId: 6n, taken: amount, owed: fee }),
      `R1 take_back:6: ${available} > ${clearing} 500, wallet/7/XOF/owed > ${clearing} 25`,
    ],
    [
      () => draftTakeBack({ ...fixed, disputeId: 6n, taken: money(0n, "XOF"), owed: fee }),
      `R1 take_back:6: wallet/7/XOF/owed > ${clearing} 25`,
    ],
    [
      () => draftToTontine({ ...paid, type: "tontine_contribution", account: pot() }),
      `R1 tontine_contribution: ${available} > tontine/3/XOF/pot/4 500`,
    ],
    [
      () => draftFromTontine({ ...paid, type: "tontine_payout", account: pot() }),
      `R1 tontine_payout: tontine/3/XOF/pot/4 > ${available} 500`,
    ],
    [
      () =>
        draftDueFromGroup({
          ...within,
          dueId: 8n,
          part: 2,
          from: chart.tontineAdvance(tontine, 5n),
          to: pot(),
        }),
      "tontine/3/due/8 part:2: tontine/3/XOF/advance/5 > tontine/3/XOF/pot/4 500",
    ],
    [
      () =>
        draftPayoutRest({
          ...within,
          payoutId: 8n,
          step: "retained",
          from: pot(),
          to: chart.tontineBox(tontine),
        }),
      "tontine/3/payout/8 retained: tontine/3/XOF/pot/4 > tontine/3/XOF/box 500",
    ],
    [
      () =>
        draftKeptAtClosing({
          ...within,
          what: "deposit",
          memberId: 5n,
          from: chart.tontineGuarantee(tontine, 5n),
        }),
      "tontine/3/closing deposit:5: tontine/3/XOF/guarantee/5 > tontine/3/XOF/owed/5 500",
    ],
  ] satisfies [() => EntryDraft, string][])("%#", (make, line) => {
    const draft = make();
    expect(lineOf(draft)).toBe(line);
    expect(draft.occurredAt).toEqual(new Date(0));
  });

  it("and what it reverses, when it does", () => {
    expect(draftAssign({ ...paid, suspenseEntryId: 9n }).reversesEntryId).toBe(9n);
    expect(draftDepositCredit(paid)).not.toHaveProperty("reversesEntryId");
  });

  it("has two ends, of the posting's currency", () => {
    const francs = chart.fees("XOF");
    for (const [from, to] of [
      [francs, francs],
      [francs, chart.suspense("NGN")],
      [chart.suspense("NGN"), francs],
    ] as const) {
      expect(() => draftEntry(fixed, "step", [{ from, to, amount }])).toThrow(InvariantError);
    }
    const largest = money(AMOUNT_MINOR_MAX, "XOF");
    const posting = { from: francs, to: chart.suspense("XOF"), amount: largest };
    expect(draftEntry(fixed, "step", [posting]).postings).toEqual([posting]);
  });
});
