import { describe, expect, it } from "vitest";
import { AVAILABLE, operationOf, PAID_OUT, postingsOf, SENT } from "./check-fixtures";
import {
  checkBalanceRead,
  checkList,
  checkRefusal,
  checkStatuses,
  checkTransactionList,
  knownSince,
} from "./check-reads";
import type { Acknowledged, Line } from "./history-log";
import { Timelines } from "./timelines";

const available = postingsOf(
  AVAILABLE,
  [100n, "TXN-D", "credit", 1_000],
  [-40n, "TXN-B", "reserve", 2_000],
  [-10n, "TXN-A", "transfer", 3_000],
  [-10n, "TXN-E", "transfer", 5_000],
  [-10n, "TXN-F", "transfer", 5_000],
);
const held = postingsOf("wallet/1/XOF/held", [40n, "TXN-B", "reserve", 2_000]);
const timelines = new Timelines([...available, ...held], knownSince([{ ...SENT, ackAt: 3_005 }], []));

describe("the check of a balance read", () => {
  it.each([
    ["accepts the current balance", 1_500, 100, 0, 0],
    ["accepts the current balance after the reservation", 2_500, 60, 40, 0],
    ["accepts the one before, which may not have been replaced yet", 2_500, 100, 0, 0],
    ["accepts the one after the transfer", 4_000, 50, 40, 0],
    ["finds a balance that never existed", 2_500, 61, 40, 1],
    ["finds an outdated one", 3_500, 100, 0, 1],
    ["finds a future one", 500, 100, 0, 1],
    ["finds a torn read, reserved on one account and not on the other", 2_500, 100, 40, 1],
    ["finds a torn read the other way round", 2_500, 60, 0, 1],
    ["accepts a read that began before the acknowledgement", 3_002, 60, 40, 0],
    ["finds a read without what was acknowledged before it began", 3_006, 60, 40, 1],
    ["accepts the balance after a transaction of two postings", 5_500, 30, 40, 0],
    ["finds a balance between two postings of one transaction", 5_500, 40, 40, 1],
  ])("%s", (_name, startedAt, available_minor, held_minor, violations) => {
    const balances = [{ currency: "XOF" as const, available_minor, held_minor }];
    const read = { who: 0, startedAt, endedAt: startedAt + 10, balances };
    expect(checkBalanceRead(read, 1n, timelines)).toHaveLength(violations);
  });
});

describe("the check of a refusal for insufficient funds", () => {
  it.each([
    ["accepts one that was true", 61n, 2_500, 1],
    ["accepts one that was true between two postings of a transaction", 45n, 5_500, 0],
    ["finds one that was never true", 30n, 5_500, 1],
  ])("%s", (_name, wanted, startedAt, violations) => {
    const refusal = { who: 0, currency: "XOF" as const, account: "available", wanted };
    const times = { startedAt, endedAt: startedAt + 10 };
    // At 2 500 the balance before the reservation may still have been visible, not at 3 500.
    const at = wanted === 61n ? { startedAt: 3_500, endedAt: 3_510 } : times;
    expect(checkRefusal({ ...refusal, ...at }, 1n, timelines)).toHaveLength(wanted === 61n ? 0 : violations);
  });

  it.each([
    ["accepts a list carried out in its order", 31n, 0],
    ["finds an item refused although it was covered", 30n, 1],
  ])("%s", (_name, amount, violations) => {
    const sent = ["TXN-E", "TXN-F"].map((reference) => ({ amount: 10n, reference, isShort: false }));
    const list = {
      who: 0,
      currency: "XOF" as const,
      transfers: [...sent, { amount, reference: null, isShort: true }],
    };
    const find = (_wallet: bigint, _currency: string, source: string) =>
      available.find((posting) => posting.source === source);
    expect(checkList(list, 1n, find)).toHaveLength(violations);
    const swapped = { ...list, transfers: list.transfers.toReversed() };
    expect(checkList(swapped, 1n, find)).not.toHaveLength(0);
  });
});

describe("the check of a transaction list", () => {
  const operations = new Map(
    [SENT, PAID_OUT].map((each) => [each.reference, operationOf(each, "succeeded")]),
  );
  const line = (id: number, { reference, type, amount, fee }: Acknowledged): Line => ({
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
