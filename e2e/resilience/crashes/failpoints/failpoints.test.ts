import { describe, expect, it } from "vitest";
import { randomFrom } from "@/e2e/resilience/random";
import { caseOf, EXCLUDED, reachableFailpoints, WORKLOADS, workloadsOf } from "./cases";
import { readSources } from "./copy-tree";
import { checkOperation, expectedBalance, type ObservedOperation } from "./oracle";
import { findWriters, rewriteSources } from "./rewrite";

const sources = readSources();
const { files, failpoints } = rewriteSources(sources);
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? "";

describe("the instrumented copy", () => {
  it("has a failpoint before and after every transaction of the services", () => {
    const inServices = sources.filter(({ path }) => path.startsWith("lib/services/"));
    const calls = inServices.flatMap(({ text }) => text.match(/(?<!\w)inTransaction\(/g) ?? []).length;
    expect(calls).toBeGreaterThan(40);
    const before = failpoints.filter((failpoint) => /^(?!ledger\/).*:before-commit$/.test(failpoint));
    const after = failpoints.filter((failpoint) => /^(?!ledger\/).*:after-commit$/.test(failpoint));
    expect(before).toHaveLength(calls);
    expect(after).toHaveLength(calls);
    for (const { path, text } of files) {
      if (path.startsWith("lib/services/")) expect(text, path).not.toMatch(/(?<![\w, ])inTransaction\(/);
    }
  });

  it("has a failpoint before and after every statement that commits by itself, and every call of a provider", () => {
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
    const providerCalls = sources
      .filter(({ path }) => path.startsWith("lib/services/"))
      .flatMap(({ text }) => text.match(/await \(?provider\.\w+(\?\.)?\(/g) ?? []);
    expect(providerCalls.length).toBeGreaterThan(5);
    expect(
      failpoints.filter((failpoint) => failpoint.endsWith(":before-call")).length,
    ).toBeGreaterThanOrEqual(providerCalls.length);
    expect(textOf("lib/services/withdrawals/submit-withdrawal.ts")).toContain(
      'methodFailpoints("withdrawals/submit-withdrawal.createPayout.1", provider, "createPayout")(',
    );
  });

  it("has far more than forty failpoints, each under a name of its own", () => {
    expect(failpoints.length).toBeGreaterThan(150);
    expect(new Set(failpoints).size).toBe(failpoints.length);
  });

  it("leaves the tree itself without failpoints", () => {
    const calling = sources.filter(
      ({ path, text }) =>
        !path.startsWith("e2e/resilience/") &&
        /failpoints\/failpoint|hitFailpoint|(transaction|call)Failpoints/.test(text),
    );
    expect(calling.map(({ path }) => path)).toEqual([]);
  });

  it("can't be made when a text that it replaces is gone", () => {
    const renamed = sources.map((source) =>
      source.path === "lib/api/webhooks.ts" ? { ...source, text: "export {};" } : source,
    );
    expect(() => rewriteSources(renamed)).toThrow("lib/api/webhooks.ts");
  });
});

describe("the cases", () => {
  it("have a workload for every failpoint, or the reason why there is none", () => {
    const reached = reachableFailpoints(failpoints);
    expect(reached.filter((failpoint) => workloadsOf(failpoint).length === 0)).toEqual([]);
    expect(failpoints.length - reached.length).toBeLessThan(failpoints.length / 20);
    for (const { failpoints: excluded, why } of EXCLUDED) {
      expect(
        failpoints.some((failpoint) => excluded.test(failpoint)),
        why,
      ).toBe(true);
    }
    for (const { name, reaches } of WORKLOADS) {
      expect(
        reached.some((failpoint) => reaches.test(failpoint)),
        name,
      ).toBe(true);
    }
  });

  it("have every failpoint once a round, money first, in an order that follows from the seed", () => {
    const plan = (seed: string) => ({ random: (number: number) => randomFrom(`${seed}/${number}`) });
    const reached = reachableFailpoints(failpoints);
    const round = reached.map((_point, number) => caseOf(plan("7"), reached, number).failpoint);
    expect(round.toSorted()).toEqual(reached.toSorted());
    expect(round.slice(0, 20).some((failpoint) => failpoint.startsWith("identity/users/"))).toBe(false);
    expect(reached.map((_point, number) => caseOf(plan("7"), reached, number).failpoint)).toEqual(round);
    expect(reached.map((_point, number) => caseOf(plan("8"), reached, number).failpoint)).not.toEqual(round);
  });
});

describe("the oracle", () => {
  const paid = {
    timesPaid: 1,
    amount: 5_000,
    paidAmount: 5_000,
    currency: "XOF",
    paidCurrency: "XOF",
    state: "completed",
  } as const;
  const operation: ObservedOperation = {
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
    isResolved: false,
  };
  const payout: ObservedOperation = { ...operation, type: "withdrawal", state: "paid", credits: 0 };

  it("accepts correct operations", () => {
    expect(checkOperation(operation)).toEqual([]);
    expect(checkOperation(payout)).toEqual([]);
    expect(checkOperation({ ...payout, state: "refunded", entry: null })).toEqual([]);
    expect(checkOperation({ ...operation, state: "expired", credits: 0, entry: null })).toEqual([]);
  });

  it.each([
    ["a deposit that was credited twice", { ...operation, credits: 2 }],
    ["a deposit that was paid and never credited", { ...operation, state: "expired", credits: 0 }],
    ["a deposit that was credited and never paid", { ...operation, entry: null }],
    ["a payout that was paid twice", { ...payout, entry: { ...paid, timesPaid: 2 } }],
    ["a payout that was paid and refunded", { ...payout, state: "refunded" }],
    ["a payout that was neither paid nor refunded", { ...payout, state: "unknown", entry: null }],
    ["a payout that is called paid and wasn't", { ...payout, entry: { ...paid, timesPaid: 0 } }],
    [
      "another amount that isn't in suspense",
      { ...operation, state: "review", credits: 0, entry: { ...paid, paidAmount: 4_900 } },
    ],
  ])("goes red on %s", (_what, wrong) => {
    expect(checkOperation(wrong as ObservedOperation)).not.toEqual([]);
  });

  it("computes the balance that a wallet must have", () => {
    const all = [operation, payout, { ...payout, state: "refunded" }, { ...operation, state: "expired" }];
    expect(expectedBalance(all, "XOF", -700n)).toBe(-700n);
    expect(expectedBalance(all, "NGN", 0n)).toBe(0n);
  });
});
