import { describe, expect, it } from "vitest";
import type { BookEntry } from "@/lib/sandbox/book";
import { AVAILABLE, expectedOperations, operationOf, paidOut, people, posting, sent } from "./check-fixtures";
import { checkBalances, checkChains, checkOperations, modelBalances } from "./check-operations";
import { checkTotals, compareProviderBook } from "./check-provider-book";

describe("the check of acknowledged operations", () => {
  const operations = [operationOf(sent, "succeeded"), operationOf(paidOut, "paid")];

  it("accepts operations stored as they were acknowledged", () => {
    expect(checkOperations(expectedOperations(sent, paidOut), { operations }, people)).toEqual([]);
  });

  it("finds a lost operation, one that nobody requested, and one stored differently", () => {
    expect(
      checkOperations(expectedOperations(sent, paidOut), { operations: operations.slice(1) }, people),
    ).toHaveLength(1);
    expect(checkOperations(expectedOperations(sent), { operations }, people)).toHaveLength(1);
    const other = [operationOf({ ...sent, amount: 31n }, "succeeded")];
    expect(checkOperations(expectedOperations(sent), { operations: other }, people)).toHaveLength(1);
    const refunded = [operationOf(paidOut, "refunded")];
    expect(checkOperations(expectedOperations(paidOut), { operations: refunded }, people)).toHaveLength(1);
  });

  it("finds one franc too many, available or held", () => {
    const model = modelBalances([sent, paidOut], { operations }, people);
    const balances = new Map([
      ["wallet/1/XOF/available", -61n],
      ["wallet/2/XOF/available", 30n],
    ]);
    expect(checkBalances(model, balances)).toEqual([]);
    expect(checkBalances(model, new Map([...balances, ["wallet/2/XOF/available", 31n]]))).toHaveLength(1);
    expect(checkBalances(model, new Map([...balances, ["wallet/2/XOF/held", 1n]]))).toHaveLength(1);
  });
});

describe("the check of an account's versions and balances", () => {
  const first = posting(AVAILABLE, 1n, 50n, 50n, "TXN-D", "credit", 100);

  it("finds a gap, a wrong running balance, and a stored balance that isn't the last one", () => {
    expect(checkChains([first], new Map([[AVAILABLE, 50n]]))).toEqual([]);
    expect(checkChains([first], new Map([[AVAILABLE, 51n]]))).toHaveLength(1);
    const gap = posting(AVAILABLE, 3n, -20n, 30n, "TXN-A", "transfer", 200);
    expect(checkChains([first, gap], new Map([[AVAILABLE, 30n]]))).toHaveLength(1);
    const wrong = posting(AVAILABLE, 2n, -20n, 31n, "TXN-A", "transfer", 200);
    expect(checkChains([first, wrong], new Map([[AVAILABLE, 31n]]))).toHaveLength(1);
  });
});

describe("the comparison with the provider's book", () => {
  const entry = {
    kind: "payout",
    reference: "TXN-B",
    state: "completed",
    timesPaid: 1,
    paidAmount: 30,
    paidCurrency: "XOF",
  };
  const book = (changes: object) => [{ ...entry, ...changes } as unknown as BookEntry];
  const observed = {
    operations: [operationOf(paidOut, "paid")],
    clearing: [{ account: "clearing/getmipay/XOF", reference: "TXN-B", step: "settle", change: 30n }],
    needsReview: [],
  };

  it("accepts a payout that both have once", () => {
    const compared = compareProviderBook({ ...observed, book: book({}) });
    expect(compared.violations).toEqual([]);
    expect(compared.moved).toEqual(new Map([["clearing/getmipay/XOF", 30n]]));
  });

  it("finds a double payment, a franc of difference, and a refund of what was paid", () => {
    expect(compareProviderBook({ ...observed, book: book({ timesPaid: 2 }) }).violations).toHaveLength(1);
    expect(compareProviderBook({ ...observed, book: book({ paidAmount: 29 }) }).violations).toHaveLength(1);
    const refunded = { ...observed, operations: [operationOf(paidOut, "refunded")], clearing: [] };
    expect(compareProviderBook({ ...refunded, book: book({}) }).violations).toHaveLength(1);
  });

  it("accepts a difference that waits for an operator", () => {
    const needsReview = [{ reference: "TXN-B", outcome: "amount_mismatch" }];
    const compared = compareProviderBook({
      ...observed,
      clearing: [],
      needsReview,
      book: book({ paidAmount: 29 }),
    });
    expect(compared).toMatchObject({ violations: [], flagged: 1 });
  });

  it("finds a change of clearing without an operation", () => {
    const sums = new Map([["clearing/getmipay/XOF", 30n]]);
    expect(checkTotals(sums, new Map(sums))).toEqual([]);
    expect(checkTotals(sums, new Map([["clearing/getmipay/XOF", 31n]]))).toHaveLength(1);
  });
});
