import { describe, expect, it } from "vitest";
import { AVAILABLE, HELD, operationOf, paidOut, posting, sent } from "./check-fixtures";
import { checkBalanceRead, checkStatuses, checkTransactionList, knownOf, timelineOf } from "./check-reads";
import type { Acknowledged, Line } from "./history-log";

describe("the check of a balance read", () => {
  // Credited 100 at 1000, 40 of them reserved at 2000, 10 sent at 3000.
  const free = timelineOf([
    posting(AVAILABLE, 1n, 100n, 100n, "TXN-D", "credit", 1_000),
    posting(AVAILABLE, 2n, -40n, 60n, "TXN-B", "reserve", 2_000),
    posting(AVAILABLE, 3n, -10n, 50n, "TXN-A", "transfer", 3_000),
  ]);
  const held = timelineOf([posting(HELD, 1n, 40n, 40n, "TXN-B", "reserve", 2_000)]);
  const timelines = new Map([
    [AVAILABLE, free],
    [HELD, held],
  ]);
  const read = (startedAt: number, available: bigint, reserved: bigint) =>
    checkBalanceRead(
      {
        who: 0,
        startedAt,
        endedAt: startedAt + 10,
        balances: [{ currency: "XOF", available, held: reserved }],
      },
      1n,
      timelines,
      knownOf([{ ...sent, ackAt: 3_005 }], []),
    );

  it("accepts the current balance, and the one before that may not have been replaced yet", () => {
    expect(read(1_500, 100n, 0n)).toEqual([]);
    expect(read(2_500, 60n, 40n)).toEqual([]);
    // The second posting may not have been committed by then.
    expect(read(2_500, 100n, 0n)).toEqual([]);
    expect(read(4_000, 50n, 40n)).toEqual([]);
  });

  it("finds a balance that never existed, an outdated one, and a future one", () => {
    expect(read(2_500, 61n, 40n)).toHaveLength(1);
    expect(read(3_500, 100n, 0n)).toHaveLength(1);
    expect(read(500, 100n, 0n)).toHaveLength(1);
  });

  it("finds a torn read: reserved on one account and not on the other", () => {
    expect(read(2_500, 100n, 40n)).toHaveLength(1);
    expect(read(2_500, 60n, 0n)).toHaveLength(1);
  });

  it("finds a read without what was acknowledged before it began", () => {
    expect(read(3_002, 60n, 40n)).toEqual([]);
    expect(read(3_006, 60n, 40n)).toHaveLength(1);
  });

  it("finds a balance between two postings of one transaction", () => {
    const list = timelineOf([
      posting(AVAILABLE, 1n, 100n, 100n, "TXN-D", "credit", 1_000),
      posting(AVAILABLE, 2n, -10n, 90n, "TXN-E", "transfer", 2_000),
      posting(AVAILABLE, 3n, -10n, 80n, "TXN-F", "transfer", 2_000),
    ]);
    const seen = (available: bigint) =>
      checkBalanceRead(
        { who: 0, startedAt: 2_000, endedAt: 2_010, balances: [{ currency: "XOF", available, held: 0n }] },
        1n,
        new Map([[AVAILABLE, list]]),
        new Map(),
      );
    expect(seen(80n)).toEqual([]);
    expect(seen(90n)).toHaveLength(1);
  });
});

describe("the check of a transaction list", () => {
  const operations = new Map([sent, paidOut].map((each) => [each.reference, operationOf(each, "succeeded")]));
  const line = (id: number, { reference, type, amount, fee }: Acknowledged): Line => ({
    ...{ id, reference, type, amount, fee, status: "success", direction: "out", currency: "XOF" },
  });
  const transactionList = (...pages: Line[][]) =>
    checkTransactionList({ who: 0, startedAt: 2_000, endedAt: 2_100, pages }, 1n, operations, [
      sent,
      paidOut,
    ]);

  it("accepts newest first, each once", () => {
    expect(transactionList([line(2, paidOut)], [line(1, sent)])).toEqual([]);
  });

  it("finds a gap, a repetition, a wrong amount and somebody else's operation", () => {
    expect(transactionList([line(1, sent)])).toHaveLength(1);
    expect(transactionList([line(2, paidOut)], [line(2, paidOut)], [line(1, sent)])).toHaveLength(1);
    expect(transactionList([line(2, paidOut)], [line(1, { ...sent, amount: 31n })])).toHaveLength(1);
    expect(
      transactionList([line(3, { ...sent, reference: "TXN-Z" })], [line(2, paidOut)], [line(1, sent)]),
    ).toHaveLength(1);
  });

  it("finds a deposit that is a success too early, and one that stops being a success", () => {
    const statusRead = (status: string, startedAt: number) => ({
      reference: "TXN-D",
      status,
      startedAt,
      endedAt: startedAt + 5,
    });
    const creditedAt = new Map([["TXN-D", 1_000]]);
    expect(checkStatuses([statusRead("pending", 900), statusRead("success", 1_100)], creditedAt)).toEqual([]);
    expect(checkStatuses([statusRead("success", 900)], creditedAt)).toHaveLength(1);
    expect(
      checkStatuses([statusRead("success", 1_100), statusRead("pending", 1_200)], creditedAt),
    ).toHaveLength(1);
  });
});
