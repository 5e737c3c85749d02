import { describe, expect, it } from "vitest";
import type { Definite } from "../crashes/client";
import type { ExpectedOperation } from "../crashes/oracle";
import { HistoryLog } from "./history-log";
import { possibleAfterRefusal } from "./orders";
import { sendWith } from "./send";

const outcome = (changes: Partial<Definite>): Definite => ({
  ...{ status: 200, code: null, body: {}, isReplayed: false, lost: null },
  ...{ startedAt: 0, endedAt: 1, tries: 1, isUncertain: false, ...changes },
});
const ok = (reference: string, isReplayed: boolean) => outcome({ body: { reference }, isReplayed });
const mismatch = outcome({ status: 409, code: "idempotency_mismatch" });

describe("the check of an idempotency key", () => {
  it.each([
    ["accepts a replay of the same operation", "replay", [ok("A", false), ok("A", true)], 0],
    ["finds a replay that was carried out again", "replay", [ok("A", false), ok("A", false)], 2],
    ["finds a replay that names another operation", "replay", [ok("A", false), ok("B", true)], 1],
    ["finds a replay that was refused", "replay", [ok("A", false), mismatch], 1],
    ["accepts that other content is refused", "misuse", [ok("A", false), mismatch], 0],
    ["finds other content accepted", "misuse", [ok("A", false), ok("B", false)], 1],
  ] as const)("%s", async (_name, kind, outcomes, violations) => {
    const historyLog = new HistoryLog();
    const left = outcomes.values();
    const client = { call: async () => left.next().value ?? outcome({ code: "unexplained" }) };
    const [request, misuse] = [{ path: "/a" }, { path: "/b" }];
    const sending = { request, accepted: [200], strategy: { kind }, misuse };
    await sendWith({ client, historyLog }, sending);
    expect(historyLog.violations).toHaveLength(violations);
  });
});

describe("an order that was refused", () => {
  const [from, key] = [{ walletId: 1n }, "key-1"];
  const withdrawal: ExpectedOperation = { type: "withdrawal", from, currency: "XOF", amountMinor: 700n, key };
  const refused = outcome({ status: 400, code: "insufficient_funds" });

  it("may exist, with its key, after an attempt with an unknown outcome", () => {
    const outcomes = [refused, { ...refused, isUncertain: true }];
    expect(possibleAfterRefusal(withdrawal, outcomes)).toEqual([{ ...withdrawal, isUncertain: true }]);
  });

  it("must not exist when each attempt was answered", () => {
    expect(possibleAfterRefusal(withdrawal, [refused])).toEqual([]);
  });
});
