import { describe, expect, it } from "vitest";
import type { BookEntry } from "@/lib/sandbox/book";
import { expectedOf, operationOf, PAID_OUT, PEOPLE, SENT } from "./check-fixtures";
import { checkBalances, checkOperations, checkProviderBook } from "./check-operations";

describe("the check of acknowledged operations", () => {
  const stored = [operationOf(SENT, "succeeded"), operationOf(PAID_OUT, "paid")];

  it.each([
    ["accepts operations stored as they were acknowledged", [SENT, PAID_OUT], stored, 0],
    ["finds a lost operation", [SENT, PAID_OUT], stored.slice(1), 1],
    ["finds one that nobody requested", [SENT], stored, 1],
    ["finds one stored differently", [SENT], [operationOf({ ...SENT, amount: 31n }, "succeeded")], 1],
    ["finds one that ended in another state", [PAID_OUT], [operationOf(PAID_OUT, "refunded")], 1],
  ])("%s", (_name, expected, operations, violations) => {
    expect(checkOperations(expectedOf(...expected), operations, PEOPLE)).toHaveLength(violations);
  });

  it.each([
    ["accepts balances that follow from them", {}, 0],
    ["finds one franc too many available", { "wallet/2/XOF/available": 31n }, 1],
    ["finds one franc held for nothing", { "wallet/2/XOF/held": 1n }, 1],
    ["finds one franc in a vault", { "wallet/1/XOF/vault/9": 1n }, 1],
  ])("%s", (_name, changed, violations) => {
    const right = { "wallet/1/XOF/available": -61n, "wallet/2/XOF/available": 30n };
    const balances = new Map(Object.entries({ ...right, ...changed }));
    const observed = { operations: stored, balances };
    expect(checkBalances(expectedOf(SENT, PAID_OUT), observed, PEOPLE)).toHaveLength(violations);
  });
});

describe("the comparison with the provider's book", () => {
  const entry = { kind: "payout", state: "completed", timesPaid: 1, paidAmount: 30, paidCurrency: "XOF" };

  it.each([
    ["accepts a payout that both have once", {}, {}, 0],
    ["finds a double payment", { timesPaid: 2 }, {}, 1],
    ["finds a franc of difference", { paidAmount: 29 }, {}, 1],
    ["finds another currency", { paidCurrency: "XAF" }, {}, 1],
    ["finds a refund of what was paid", {}, { state: "refunded", clearing: new Map() }, 1],
    ["accepts a difference that waits for an operator", { paidAmount: 29 }, { isTold: true }, 0],
  ] as const)("%s", (_name, changes, observed, violations) => {
    const {
      state = "paid",
      isTold = false,
      clearing = new Map([["TXN-B", 30n]]),
    } = {
      ...({} as { state?: string; isTold?: boolean; clearing?: Map<string, bigint> }),
      ...observed,
    };
    const found = checkProviderBook({
      operations: [operationOf(PAID_OUT, state)],
      clearing,
      needsReview: new Set(isTold ? ["TXN-B"] : []),
      book: new Map([["TXN-B", { ...entry, ...changes } as BookEntry]]),
    });
    expect(found).toHaveLength(violations);
  });
});
