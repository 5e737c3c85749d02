import { describe, expect, it } from "vitest";
import type { BookEntry } from "@/lib/sandbox/book";
import { randomFrom } from "../random";
import { classify } from "./call";
import { checkTotals, compareBook } from "./check-book";
import { checkBalances, checkChains, checkOperations, modelBalances } from "./check-ends";
import { checkBalanceRead, checkStatuses, checkWalk, knownOf, timelineOf } from "./check-reads";
import type { Heard } from "./client";
import { checkContested } from "./credentials";
import { drawHistory } from "./draw-history";
import type { OperationFact, PostingFact } from "./facts";
import { type Acknowledged, HistoryLog, type Line } from "./history-log";
import type { People, Person } from "./people";
import type { Scenes } from "./scenes";

const person = (id: bigint): Person => ({
  userId: id,
  walletId: id,
  walletNumber: `${id}`,
  apiKey: `key ${id}`,
});
const people = { all: [person(1n), person(2n)], saver: { cookie: "", vaultId: 9n } } as unknown as People;

const sent: Acknowledged = {
  ...{ reference: "TXN-A", type: "transfer", who: 0, to: 1, currency: "XOF", amount: 30n, fee: 0n },
  ...{ ackAt: 1_000, ends: ["succeeded"], scenario: null },
};
const paidOut: Acknowledged = {
  ...sent,
  reference: "TXN-B",
  type: "withdrawal",
  to: null,
  fee: 1n,
  ends: ["paid"],
};

const operationOf = ({ reference, type, amount, fee, to }: Acknowledged, state: string): OperationFact => ({
  ...{ id: "1", reference, type, state, reason: null, currency: "XOF", amount, fee, wallet: "1" },
  ...{
    counterparty: to === null ? null : "2",
    provider: type === "transfer" ? null : "getmipay",
    attempt: 1,
  },
});

const scenesOf = (...expected: Acknowledged[]): Scenes => ({
  find: (reference) => expected.find((each) => each.reference === reference) ?? null,
  expected,
  lost: [],
});

describe("the check of what was acknowledged", () => {
  const operations = [operationOf(sent, "succeeded"), operationOf(paidOut, "paid")];

  it("is content when every answer is in the books as it was told", () => {
    expect(checkOperations(scenesOf(sent, paidOut), { operations }, people)).toEqual([]);
  });

  it("finds what is lost, what nobody was told of, and what was written down otherwise", () => {
    expect(
      checkOperations(scenesOf(sent, paidOut), { operations: operations.slice(1) }, people),
    ).toHaveLength(1);
    expect(checkOperations(scenesOf(sent), { operations }, people)).toHaveLength(1);
    const other = [operationOf({ ...sent, amount: 31n }, "succeeded")];
    expect(checkOperations(scenesOf(sent), { operations: other }, people)).toHaveLength(1);
    const refunded = [operationOf(paidOut, "refunded")];
    expect(checkOperations(scenesOf(paidOut), { operations: refunded }, people)).toHaveLength(1);
  });

  it("finds one franc too many, and one held that nobody holds", () => {
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
): PostingFact => ({ address, version, change, balance, source, step, recordedAt });

const FREE = "wallet/1/XOF/available";
const HELD = "wallet/1/XOF/held";

describe("the check of an account's chain", () => {
  const first = posting(FREE, 1n, 50n, 50n, "TXN-D", "credit", 100);

  it("finds a gap, a running balance that doesn't follow, and a stored one that isn't the last", () => {
    expect(checkChains([first], new Map([[FREE, 50n]]))).toEqual([]);
    expect(checkChains([first], new Map([[FREE, 51n]]))).toHaveLength(1);
    const gap = posting(FREE, 3n, -20n, 30n, "TXN-A", "transfer", 200);
    expect(checkChains([first, gap], new Map([[FREE, 30n]]))).toHaveLength(1);
    const wrong = posting(FREE, 2n, -20n, 31n, "TXN-A", "transfer", 200);
    expect(checkChains([first, wrong], new Map([[FREE, 31n]]))).toHaveLength(1);
  });
});

describe("the check of a balance that was read", () => {
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

  it("takes what it was, and what it had just been", () => {
    expect(read(1_500, 100n, 0n)).toEqual([]);
    expect(read(2_500, 60n, 40n)).toEqual([]);
    // The second posting may not have been committed by then.
    expect(read(2_500, 100n, 0n)).toEqual([]);
    expect(read(4_000, 50n, 40n)).toEqual([]);
  });

  it("finds a balance that it never had, one of long ago, and one of the future", () => {
    expect(read(2_500, 61n, 40n)).toHaveLength(1);
    expect(read(3_500, 100n, 0n)).toHaveLength(1);
    expect(read(500, 100n, 0n)).toHaveLength(1);
  });

  it("finds a read that is torn: reserved on one account and not on the other", () => {
    expect(read(2_500, 100n, 40n)).toHaveLength(1);
    expect(read(2_500, 60n, 0n)).toHaveLength(1);
  });

  it("finds a read that misses what had been acknowledged before it began", () => {
    expect(read(3_002, 60n, 40n)).toEqual([]);
    expect(read(3_006, 60n, 40n)).toHaveLength(1);
  });

  it("never lets anybody see between the postings of one transaction", () => {
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

describe("the check of a history that was walked", () => {
  const operations = new Map([sent, paidOut].map((each) => [each.reference, operationOf(each, "succeeded")]));
  const line = (id: number, { reference, type, amount, fee }: Acknowledged): Line => ({
    ...{ id, reference, type, amount, fee, status: "success", direction: "out", currency: "XOF" },
  });
  const walk = (...pages: Line[][]) =>
    checkWalk({ who: 0, startedAt: 2_000, endedAt: 2_100, pages }, 1n, operations, [sent, paidOut]);

  it("takes newest first, each once", () => {
    expect(walk([line(2, paidOut)], [line(1, sent)])).toEqual([]);
  });

  it("finds a gap, a repetition, a wrong amount and somebody else's operation", () => {
    expect(walk([line(1, sent)])).toHaveLength(1);
    expect(walk([line(2, paidOut)], [line(2, paidOut)], [line(1, sent)])).toHaveLength(1);
    expect(walk([line(2, paidOut)], [line(1, { ...sent, amount: 31n })])).toHaveLength(1);
    expect(
      walk([line(3, { ...sent, reference: "TXN-Z" })], [line(2, paidOut)], [line(1, sent)]),
    ).toHaveLength(1);
  });

  it("finds a deposit that is a success too early, and one that was one and isn't any more", () => {
    const told = (status: string, startedAt: number) => ({
      reference: "TXN-D",
      status,
      startedAt,
      endedAt: startedAt + 5,
    });
    const creditedAt = new Map([["TXN-D", 1_000]]);
    expect(checkStatuses([told("pending", 900), told("success", 1_100)], creditedAt)).toEqual([]);
    expect(checkStatuses([told("success", 900)], creditedAt)).toHaveLength(1);
    expect(checkStatuses([told("success", 1_100), told("pending", 1_200)], creditedAt)).toHaveLength(1);
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
  const facts = {
    operations: [operationOf(paidOut, "paid")],
    clearing: [{ account: "clearing/getmipay/XOF", reference: "TXN-B", step: "settle", change: 30n }],
    needsReview: [],
  };

  it("is content with a payout that both know, once", () => {
    const compared = compareBook({ ...facts, book: book({}) });
    expect(compared.violations).toEqual([]);
    expect(compared.moved).toEqual(new Map([["clearing/getmipay/XOF", 30n]]));
  });

  it("finds a double payment, a franc of difference, and a refund of what was paid", () => {
    expect(compareBook({ ...facts, book: book({ timesPaid: 2 }) }).violations).toHaveLength(1);
    expect(compareBook({ ...facts, book: book({ paidAmount: 29 }) }).violations).toHaveLength(1);
    const refunded = { ...facts, operations: [operationOf(paidOut, "refunded")], clearing: [] };
    expect(compareBook({ ...refunded, book: book({}) }).violations).toHaveLength(1);
  });

  it("takes a difference that somebody is told of", () => {
    const needsReview = [{ reference: "TXN-B", outcome: "amount_mismatch" }];
    const compared = compareBook({ ...facts, clearing: [], needsReview, book: book({ paidAmount: 29 }) });
    expect(compared).toMatchObject({ violations: [], flagged: 1 });
  });

  it("finds what passed clearing for nobody's operation", () => {
    const sums = new Map([["clearing/getmipay/XOF", 30n]]);
    expect(checkTotals(sums, new Map(sums))).toEqual([]);
    expect(checkTotals(sums, new Map([["clearing/getmipay/XOF", 31n]]))).toHaveLength(1);
  });
});

describe("the classification of an answer", () => {
  const call = { method: "POST", route: "/api/wallet/transfer", refusals: ["insufficient_funds"] } as const;
  const answered = (status: number, body: object): Heard => ({
    ...{ kind: "answer", status, headers: {}, text: JSON.stringify(body), startedAt: 0, endedAt: 1 },
  });

  it("knows a yes, a no that may be, and what leaves everything open", () => {
    const yes = {
      status: "success",
      message: "Transfer completed",
      reference: "TXN-A",
      amount: 1,
      amount_minor: 1,
    };
    expect(classify(call, answered(200, { ...yes, currency: "XOF" })).kind).toBe("yes");
    expect(classify(call, answered(400, { code: "insufficient_funds" }))).toEqual({
      kind: "no",
      code: "insufficient_funds",
    });
    expect(classify(call, answered(504, { code: "outcome_unknown" })).kind).toBe("ambiguous");
    expect(classify(call, { kind: "lost", why: "hung up", startedAt: 0, endedAt: 1 }).kind).toBe("ambiguous");
  });

  it("takes nothing else: no 500, no undocumented code, no shape of its own, no refusal without a cause", () => {
    const others = [
      answered(500, { code: "internal" }),
      answered(409, { code: "key_replaced" }),
      answered(200, { status: "success" }),
      answered(404, { code: "recipient_not_found" }),
      answered(502, {}),
    ];
    for (const heard of others) expect(classify(call, heard).kind).toBe("unclassified");
  });
});

describe("the check of a key that is revoked in use", () => {
  const use = (kind: "yes" | "no", startedAt: number) => {
    const historyLog = new HistoryLog();
    historyLog.revocation = { askedAt: 100, answeredAt: 200 };
    const times = { startedAt, endedAt: startedAt + 10, tries: 1 };
    const said = { kind: "yes", said: {}, replayed: false } as const;
    checkContested(
      { historyLog },
      kind === "yes" ? { ...said, ...times } : { kind, code: "unauthenticated", ...times },
    );
    return historyLog.violations;
  };

  it("finds one that is good afterwards, and one that is refused before", () => {
    expect(use("yes", 150)).toEqual([]);
    expect(use("no", 250)).toEqual([]);
    expect(use("yes", 201)).toHaveLength(1);
    expect(use("no", 50)).toHaveLength(1);
  });
});

describe("a history", () => {
  it("follows from its seed, and has every fault in it", () => {
    const drawn = drawHistory(randomFrom("7/histories/0"));
    expect(drawn).toEqual(drawHistory(randomFrom("7/histories/0")));
    expect(drawn).not.toEqual(drawHistory(randomFrom("7/histories/1")));
    const codes = drawn.operations.flatMap((each) => ("scenario" in each ? [each.scenario.code] : []));
    expect(codes).toEqual(
      expect.arrayContaining(["payout_failed", "payout_reversed", "payment_amount_lower"]),
    );
    const tactics = drawn.operations.flatMap((each) => ("tactic" in each ? [each.tactic.kind] : []));
    expect(tactics).toEqual(expect.arrayContaining(["twins", "again", "other_body", "hang_up"]));
    expect(drawn.operations).toContainEqual(expect.objectContaining({ kind: "key", what: "revoke" }));
  });
});
