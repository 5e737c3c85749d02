import { describe, expect, it } from "vitest";
import { randomFrom } from "@/e2e/resilience/random";
import { caseOf, EXCLUDED, reachedPoints, SCENARIOS, scenariosOf } from "./cases";
import { readSources } from "./copy-tree";
import { expectedBalance, type Judged, judgeOperation } from "./oracle";
import { findWriters, rewriteSources } from "./rewrite";

const sources = readSources();
const { files, points } = rewriteSources(sources);
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? "";

describe("the copy that is crashed", () => {
  it("has a point before and after every transaction of the services", () => {
    const inServices = sources.filter(({ path }) => path.startsWith("lib/services/"));
    const calls = inServices.flatMap(({ text }) => text.match(/(?<!\w)inTransaction\(/g) ?? []).length;
    expect(calls).toBeGreaterThan(40);
    const before = points.filter((point) => /^(?!ledger\/).*:before-commit$/.test(point));
    const after = points.filter((point) => /^(?!ledger\/).*:after-commit$/.test(point));
    expect(before).toHaveLength(calls);
    expect(after).toHaveLength(calls);
    for (const { path, text } of files) {
      if (path.startsWith("lib/services/")) expect(text, path).not.toMatch(/(?<![\w, ])inTransaction\(/);
    }
  });

  it("has a point before and after every statement that commits by itself, and every call of a provider", () => {
    const known = [
      "callTransferPost",
      "callTransferPostList",
      "clearTries",
      "countTry",
      "insertPin",
      "markSessionRevoked",
    ];
    expect(sources.flatMap(findWriters)).toEqual(
      expect.arrayContaining([...known, "replacePin", "touchSession"]),
    );
    const asked = sources
      .filter(({ path }) => path.startsWith("lib/services/"))
      .flatMap(({ text }) => text.match(/await \(?provider\.\w+(\?\.)?\(/g) ?? []);
    expect(asked.length).toBeGreaterThan(5);
    expect(points.filter((point) => point.endsWith(":before-call")).length).toBeGreaterThanOrEqual(
      asked.length,
    );
    expect(textOf("lib/services/withdrawals/submit-withdrawal.ts")).toContain(
      'methodPoints("withdrawals/submit-withdrawal.createPayout.1", provider, "createPayout")(',
    );
  });

  it("has far more than forty points, each under a name of its own", () => {
    expect(points.length).toBeGreaterThan(150);
    expect(new Set(points).size).toBe(points.length);
  });

  it("is a copy: the tree itself calls none of them", () => {
    const calling = sources.filter(
      ({ path, text }) =>
        !path.startsWith("e2e/resilience/") &&
        /failpoints\/point|passPoint|(transaction|call)Points/.test(text),
    );
    expect(calling.map(({ path }) => path)).toEqual([]);
  });

  it("can't be made when a place that it counts on is gone", () => {
    const renamed = sources.map((source) =>
      source.path === "lib/api/webhooks.ts" ? { ...source, text: "export {};" } : source,
    );
    expect(() => rewriteSources(renamed)).toThrow("lib/api/webhooks.ts");
  });
});

describe("the cases", () => {
  it("know a scenario for every point, or why there is none", () => {
    const reached = reachedPoints(points);
    expect(reached.filter((point) => scenariosOf(point).length === 0)).toEqual([]);
    expect(points.length - reached.length).toBeLessThan(points.length / 20);
    for (const { points: excluded, why } of EXCLUDED) {
      expect(
        points.some((point) => excluded.test(point)),
        why,
      ).toBe(true);
    }
    for (const { name, reaches } of SCENARIOS) {
      expect(
        reached.some((point) => reaches.test(point)),
        name,
      ).toBe(true);
    }
  });

  it("go through every point once a round, money first, in an order that follows from the seed", () => {
    const plan = (seed: string) => ({ random: (number: number) => randomFrom(`${seed}/${number}`) });
    const reached = reachedPoints(points);
    const round = reached.map((_point, number) => caseOf(plan("7"), reached, number).point);
    expect(round.toSorted()).toEqual(reached.toSorted());
    expect(round.slice(0, 20).some((point) => point.startsWith("identity/users/"))).toBe(false);
    expect(reached.map((_point, number) => caseOf(plan("7"), reached, number).point)).toEqual(round);
    expect(reached.map((_point, number) => caseOf(plan("8"), reached, number).point)).not.toEqual(round);
  });
});

describe("the judge", () => {
  const paid = {
    timesPaid: 1,
    amount: 5_000,
    paidAmount: 5_000,
    currency: "XOF",
    paidCurrency: "XOF",
    state: "completed",
  } as const;
  const operation: Judged = {
    reference: "TXN-1",
    type: "deposit",
    state: "succeeded",
    currency: "XOF",
    amountMinor: 5_000n,
    feeMinor: 0n,
    provider: "getmipay",
    credits: 1,
    suspended: 0,
    entry: paid,
    isDecided: false,
  };
  const payout: Judged = { ...operation, type: "withdrawal", state: "paid", credits: 0 };

  it("finds nothing wrong with what is right", () => {
    expect(judgeOperation(operation)).toEqual([]);
    expect(judgeOperation(payout)).toEqual([]);
    expect(judgeOperation({ ...payout, state: "refunded", entry: null })).toEqual([]);
    expect(judgeOperation({ ...operation, state: "expired", credits: 0, entry: null })).toEqual([]);
  });

  it.each([
    ["a deposit that was credited twice", { ...operation, credits: 2 }],
    ["a deposit that was paid and never credited", { ...operation, state: "expired", credits: 0 }],
    ["a deposit that was credited and never paid", { ...operation, entry: null }],
    ["a payout that was paid twice", { ...payout, entry: { ...paid, timesPaid: 2 } }],
    ["a payout that was paid and refunded", { ...payout, state: "refunded" }],
    ["a payout that was neither", { ...payout, state: "unknown", entry: null }],
    ["a payout that is called paid and wasn't", { ...payout, entry: { ...paid, timesPaid: 0 } }],
    [
      "another amount that isn't in suspense",
      { ...operation, state: "review", credits: 0, entry: { ...paid, paidAmount: 4_900 } },
    ],
  ])("goes red on %s", (_what, wrong) => {
    expect(judgeOperation(wrong as Judged)).not.toEqual([]);
  });

  it("knows what a wallet must show", () => {
    const all = [operation, payout, { ...payout, state: "refunded" }, { ...operation, state: "expired" }];
    expect(expectedBalance(all, "XOF", -700n)).toBe(-700n);
    expect(expectedBalance(all, "NGN", 0n)).toBe(0n);
  });
});
