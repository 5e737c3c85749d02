import { describe, expect, it } from "vitest";
import type { BookEntry } from "@/lib/sandbox/book";
import { checkBook } from "./check-book";
import {
  checkBalanceRead,
  checkRefusal,
  checkStatuses,
  checkTransactionList,
  knownSince,
} from "./check-reads";
import type { Line } from "./history-log";
import type { ObservedOperation } from "./observed-state";
import { Timelines } from "./timelines";

const SENT: ObservedOperation = {
  ...{ reference: "TXN-A", type: "transfer", state: "succeeded", reason: null, currency: "XOF", amount: 30n },
  ...{ fee: 0n, wallet: 1n, counterparty: 2n, provider: null, attempt: 1, key: null, isInReview: false },
};
const PAID_OUT: ObservedOperation = {
  ...{ ...SENT, reference: "TXN-B", type: "withdrawal", state: "paid", fee: 1n },
  ...{ counterparty: null, provider: "getmipay" },
};

describe("the check of an operation at the provider", () => {
  it.each([
    ["accepts a payout that the provider's book has once too", {}, "paid", [0, 0]],
    ["finds a double payment", { timesPaid: 2 }, "paid", [1, 1]],
    ["finds a franc of difference to the book", { paidAmount: 29 }, "paid", [1, 0]],
    ["finds another currency in the book", { paidCurrency: "XAF" }, "paid", [1, 0]],
    ["finds a refund of what was paid", {}, "refunded", [2, 1]],
    ["finds a payout that stays open", {}, "submitted", [2, 1]],
    [
      "accepts a difference that waits for an operator",
      { paidAmount: 29, scenario: "payout_amount_lower" },
      "submitted",
      [1, 0],
    ],
  ])("%s", (_name, changes, state, [alone, inReview]) => {
    const plain = { kind: "payout", scenario: null, approval: "confirmed", state: "completed", timesPaid: 1 };
    const entry = { ...plain, paidAmount: 30, paidCurrency: "XOF", ...changes } as BookEntry;
    expect(checkBook({ ...PAID_OUT, state }, entry)).toHaveLength(alone ?? 0);
    expect(checkBook({ ...PAID_OUT, state, isInReview: true }, entry)).toHaveLength(inReview ?? 0);
  });
});

const AVAILABLE = "wallet/1/XOF/available";
const posting = (balance: bigint, source: string, step: string, recordedAt: number) => ({
  ...{ address: AVAILABLE, balance, source, step, recordedAt },
});
const POSTINGS = [
  posting(100n, "TXN-D", "credit", 1_000),
  posting(60n, "TXN-B", "reserve", 2_000),
  posting(50n, "TXN-A", "transfer", 3_000),
  posting(40n, "TXN-E", "transfer", 5_000),
  posting(30n, "TXN-F", "transfer", 5_000),
];
const HELD = { ...posting(40n, "TXN-B", "reserve", 2_000), address: "wallet/1/XOF/held" };
const TIMELINES = new Timelines([...POSTINGS, HELD], knownSince([SENT], new Map([["TXN-A", 3_005]]), []));

describe("the check of a balance read", () => {
  it.each([
    ["accepts the current balance", 1_500, 100, 0, 0],
    ["accepts the balance after a reservation", 2_500, 60, 40, 0],
    ["accepts the one before, which may not have been replaced yet", 2_500, 100, 0, 0],
    ["accepts the balance after a transfer", 4_000, 50, 40, 0],
    ["finds a balance that never existed", 2_500, 61, 40, 1],
    ["finds an outdated one", 3_500, 100, 0, 1],
    ["finds a future one", 500, 100, 0, 1],
    ["finds a torn read, reserved on one account and not on the other", 2_500, 100, 40, 1],
    ["finds a torn read the other way round", 2_500, 60, 0, 1],
    ["accepts a read that began before an acknowledgement", 3_002, 60, 40, 0],
    ["finds a read without what was acknowledged before it began", 3_006, 60, 40, 1],
    ["accepts the balance after a transaction of two postings", 5_500, 30, 40, 0],
    ["finds a balance between two postings of one transaction", 5_500, 40, 40, 1],
  ])("%s", (_name, startedAt, available_minor, held_minor, violations) => {
    const balances = [{ currency: "XOF" as const, available_minor, held_minor }];
    const read = { who: 0, startedAt, endedAt: startedAt + 10, balances };
    expect(checkBalanceRead(read, 1n, TIMELINES)).toHaveLength(violations);
  });
});

describe("the check of a refusal for insufficient funds", () => {
  it.each([
    ["accepts one that was true", 61n, 3_500, 0],
    ["accepts one that was true between two postings of a transaction", 35n, 5_500, 0],
    ["finds one that was never true", 30n, 5_500, 1],
  ])("%s", (_name, wanted, startedAt, violations) => {
    const times = { startedAt, endedAt: startedAt + 10 };
    const refusal = { who: 0, currency: "XOF" as const, account: "available", wanted, ...times };
    expect(checkRefusal(refusal, 1n, TIMELINES)).toHaveLength(violations);
  });
});

describe("the check of a transaction list", () => {
  const operations = new Map([SENT, PAID_OUT].map((each) => [each.reference, each]));
  const line = (id: number, { reference, type, amount, fee }: ObservedOperation): Line => ({
    ...{ id, reference, type, direction: "out", currency: "XOF" },
    ...{ amount_minor: Number(amount), fee_minor: Number(fee) },
  });
  const [newer, older] = [line(2, PAID_OUT), line(1, SENT)];
  const foreign = line(3, { ...SENT, reference: "TXN-Z" });

  it.each([
    ["accepts newest first, each once", [[newer], [older]], 0],
    ["finds an acknowledged operation that is missing", [[older]], 1],
    ["finds a repetition", [[newer], [newer], [older]], 1],
    ["finds a wrong amount", [[newer], [line(1, { ...SENT, amount: 31n })]], 1],
    ["finds a wrong direction", [[newer], [{ ...older, direction: "in" }]], 1],
    ["finds somebody else's operation", [[foreign], [newer], [older]], 1],
    ["finds a short page before the last", [[newer], [], [older]], 1],
  ])("%s", (_name, pages, violations) => {
    const list = { who: 0, startedAt: 2_000, endedAt: 2_100, pages };
    expect(checkTransactionList(list, 1n, operations, () => 1_000)).toHaveLength(violations);
  });
});

describe("the check of a deposit's status", () => {
  const read = (status: string, startedAt: number) => ({
    ...{ reference: "TXN-D", status, startedAt, endedAt: startedAt + 5 },
  });

  it.each([
    ["accepts a success after the credit", [read("pending", 900), read("success", 1_100)], 0],
    ["finds a success before it", [read("success", 900)], 1],
    ["finds a success that is taken back", [read("success", 1_100), read("pending", 1_200)], 1],
  ])("%s", (_name, statuses, violations) => {
    expect(checkStatuses(statuses, new Map([["TXN-D", 1_000]]))).toHaveLength(violations);
  });
});
