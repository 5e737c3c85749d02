import { describe, expect, it } from "vitest";
import { classify } from "./api-call";
import { checkRevokedInUse } from "./credentials";
import { HistoryLog } from "./history-log";
import type { HttpResult } from "./http-client";

describe("the classification of a response", () => {
  const call = { method: "POST", route: "/api/wallet/transfer", refusals: ["insufficient_funds"] } as const;
  const answered = (status: number, body: object): HttpResult => ({
    ...{ kind: "response", status, headers: {}, text: JSON.stringify(body), startedAt: 0, endedAt: 1 },
  });

  it("tells success, expected failure and ambiguity apart", () => {
    const success = {
      status: "success",
      message: "Transfer completed",
      reference: "TXN-A",
      amount: 1,
      amount_minor: 1,
    };
    expect(classify(call, answered(200, { ...success, currency: "XOF" })).kind).toBe("ok");
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
