import { describe, expect, it } from "vitest";
import type { BookEntry } from "@/lib/sandbox/book";
import { randomFrom } from "../random";
import { classify } from "./api-call";
import { checkBalances, checkChains, checkOperations, modelBalances } from "./check-operations";
import { checkTotals, compareProviderBook } from "./check-provider-book";
import { checkBalanceRead, checkStatuses, checkTransactionList, knownOf, timelineOf } from "./check-reads";
import { checkRevokedInUse } from "./credentials";
import type { ExpectedOperations } from "./expected-operations";
import { generateHistory } from "./generate-history";
import { type Acknowledged, HistoryLog, type Line } from "./history-log";
import type { HttpResult } from "./http-client";
import type { ObservedOperation, ObservedPosting } from "./observed-state";
import type { People, Person } from "./people";

const person = (id: bigint): Person => ({
  userId: id,
  walletId: id,
  walletNumber: `${id}`,
  apiKey: `key ${id}`,
});
const people = { all: [person(1n), person(2n)], saver: { cookie: "", vaultId: 9n } } as unknown as People;

const sent: Acknowledged = {
  ...{ reference: "TXN-A", type: "transfer", who: 0, to: 1, currency: "XOF", amount: 30n, fee: 0n },
  ...{ ackAt: 1_000, allowedStates: ["succeeded"], scenario: null },
};
const paidOut: Acknowledged = {
  ...sent,
  reference: "TXN-B",
  type: "withdrawal",
  to: null,
  fee: 1n,
  allowedStates: ["paid"],
};

const operationOf = (
  { reference, type, amount, fee, to }: Acknowledged,
  state: string,
): ObservedOperation => ({
  ...{ id: "1", reference, type, state, reason: null, currency: "XOF", amount, fee, wallet: "1" },
  ...{
    counterparty: to === null ? null : "2",
    provider: type === "transfer" ? null : "getmipay",
    attempt: 1,
  },
});

const expectedOperations = (...expected: Acknowledged[]): ExpectedOperations => ({
  find: (reference) => expected.find((each) => each.reference === reference) ?? null,
  all: expected,
  missing: [],
});

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

const posting = (
  ...[address, version, change, balance, source, step, recordedAt]: [
    string,
    bigint,
    bigint,
    bigint,
    string,
    string,
    number,
  ]
): ObservedPosting => ({ address, version, change, balance, source, step, recordedAt });

const FREE = "wallet/1/XOF/available";
const HELD = "wallet/1/XOF/held";

describe("the check of an account's versions and balances", () => {
  const first = posting(FREE, 1n, 50n, 50n, "TXN-D", "credit", 100);

  it("finds a gap, a wrong running balance, and a stored balance that isn't the last one", () => {
    expect(checkChains([first], new Map([[FREE, 50n]]))).toEqual([]);
    expect(checkChains([first], new Map([[FREE, 51n]]))).toHaveLength(1);
    const gap = posting(FREE, 3n, -20n, 30n, "TXN-A", "transfer", 200);
    expect(checkChains([first, gap], new Map([[FREE, 30n]]))).toHaveLength(1);
    const wrong = posting(FREE, 2n, -20n, 31n, "TXN-A", "transfer", 200);
    expect(checkChains([first, wrong], new Map([[FREE, 31n]]))).toHaveLength(1);
  });
});

describe("the check of a balance read", () => {
  // Credited 100 at 1000, 40 of them reserved at 2000, 10 sent at 3000.
  const free = timelineOf([
    posting(FREE, 1n, 100n, 100n, "TXN-D", "credit", 1_000),
    posting(FREE, 2n, -40n, 60n, "TXN-B", "reserve", 2_000),
    posting(FREE, 3n, -10n, 50n, "TXN-A", "transfer", 3_000),
  ]);
  const held = timelineOf([posting(HELD, 1n, 40n, 40n, "TXN-B", "reserve", 2_000)]);
  const timelines = new Map([
    [FREE, free],
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
      posting(FREE, 1n, 100n, 100n, "TXN-D", "credit", 1_000),
      posting(FREE, 2n, -10n, 90n, "TXN-E", "transfer", 2_000),
      posting(FREE, 3n, -10n, 80n, "TXN-F", "transfer", 2_000),
    ]);
    const seen = (available: bigint) =>
      checkBalanceRead(
        { who: 0, startedAt: 2_000, endedAt: 2_010, balances: [{ currency: "XOF", available, held: 0n }] },
        1n,
        new Map([[FREE, list]]),
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

describe("the classification of a response", () => {
  const call = { method: "POST", route: "/api/wallet/transfer", refusals: ["insufficient_funds"] } as const;
  const answered = (status: number, body: object): HttpResult => ({
    ...{ kind: "response", status, headers: {}, text: JSON.stringify(body), startedAt: 0, endedAt: 1 },
  });

  it("tells success, expected failure and ambiguity apart", () => {
    const yes = {
      status: "success",
      message: "Transfer completed",
      reference: "TXN-A",
      amount: 1,
      amount_minor: 1,
    };
    expect(classify(call, answered(200, { ...yes, currency: "XOF" })).kind).toBe("yes");
    expect(classify(call, answered(400, { code: "insufficient_funds" }))).toEqual({
      kind: "fail",
      code: "insufficient_funds",
    });
    expect(classify(call, answered(504, { code: "outcome_unknown" })).kind).toBe("ambiguous");
    expect(classify(call, { kind: "lost", why: "disconnected", startedAt: 0, endedAt: 1 }).kind).toBe(
      "ambiguous",
    );
  });

  it("rejects a 500, an undocumented code or shape, and an unexpected refusal", () => {
    const others = [
      answered(500, { code: "internal" }),
      answered(409, { code: "key_replaced" }),
      answered(200, { status: "success" }),
      answered(404, { code: "recipient_not_found" }),
      answered(502, {}),
    ];
    for (const result of others) expect(classify(call, result).kind).toBe("unclassified");
  });
});

describe("the check of a key that is revoked while in use", () => {
  const use = (kind: "ok" | "fail", startedAt: number) => {
    const historyLog = new HistoryLog();
    historyLog.revocation = { requestedAt: 100, acknowledgedAt: 200 };
    const times = { startedAt, endedAt: startedAt + 10, tries: 1 };
    const success = { kind: "ok", body: {}, replayed: false } as const;
    checkRevokedInUse(
      { historyLog },
      kind === "ok" ? { ...success, ...times } : { kind, code: "unauthenticated", ...times },
    );
    return historyLog.violations;
  };

  it("finds a key accepted after its revocation, and one refused before", () => {
    expect(use("ok", 150)).toEqual([]);
    expect(use("fail", 250)).toEqual([]);
    expect(use("ok", 201)).toHaveLength(1);
    expect(use("fail", 50)).toHaveLength(1);
  });
});

describe("a generated history", () => {
  it("follows from its seed, and has every fault", () => {
    const drawn = generateHistory(randomFrom("7/histories/0"));
    expect(drawn).toEqual(generateHistory(randomFrom("7/histories/0")));
    expect(drawn).not.toEqual(generateHistory(randomFrom("7/histories/1")));
    const codes = drawn.operations.flatMap((each) => ("scenario" in each ? [each.scenario.code] : []));
    expect(codes).toEqual(
      expect.arrayContaining(["payout_failed", "payout_reversed", "payment_amount_lower"]),
    );
    const strategies = drawn.operations.flatMap((each) => ("strategy" in each ? [each.strategy.kind] : []));
    expect(strategies).toEqual(expect.arrayContaining(["concurrent", "replay", "other_body", "disconnect"]));
    expect(drawn.operations).toContainEqual(expect.objectContaining({ kind: "key", what: "revoke" }));
  });
});
