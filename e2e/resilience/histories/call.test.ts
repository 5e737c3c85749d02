import { describe, expect, it } from "vitest";
import { transfer } from "@/lib/api/wallet/transfer";
import { type Call, classify, type Verdict } from "./call";
import { HistoryLog, type Outcome } from "./history-log";
import { sendWith } from "./strategies";

const SUCCESS = {
  ...{ status: "success", message: "Transfer completed", reference: "TXN-A" },
  ...{ amount: 1, amount_minor: 1, currency: "XOF" },
};

describe("the classification of a response", () => {
  it.each([
    ["a documented success", 200, SUCCESS, "ok"],
    ["an expected refusal", 400, { code: "insufficient_funds" }, "fail"],
    ["an unknown outcome", 504, { code: "outcome_unknown" }, "ambiguous"],
    ["a 500", 500, { code: "internal" }, "unexplained"],
    ["an undocumented code", 409, { code: "key_replaced" }, "unexplained"],
    ["an undocumented shape", 200, { status: "success" }, "unexplained"],
    ["an unexpected refusal", 404, { code: "recipient_not_found" }, "unexplained"],
    ["a response without a code", 502, {}, "unexplained"],
  ])("of %s", async (_name, status, body, kind) => {
    const verdict = await classify(transfer, ["insufficient_funds"], Response.json(body, { status }));
    expect(verdict.kind).toBe(kind);
  });
});

const TIMES = { startedAt: 0, endedAt: 1 };
const ok = (reference: string, replayed: boolean): Verdict => ({
  ...{ kind: "ok", body: { reference }, replayed },
});
const mismatch: Verdict = { kind: "fail", code: "idempotency_mismatch" };

describe("the check of an idempotency key", () => {
  /** A call that is answered with these verdicts, one after the other; null loses the response. */
  const callOf = (verdicts: (Verdict | null)[]): Call => {
    const left = verdicts.values();
    let next: Verdict | null = null;
    return {
      name: "POST /api",
      send: async () => {
        next = left.next().value ?? null;
        return { ...TIMES, ...(next ? { answer: new Response() } : { answer: null, why: "disconnected" }) };
      },
      classify: async () => next ?? { kind: "unexplained", why: "no answer" },
    };
  };

  it.each([
    ["accepts a retry after a lost response", "once", [null, ok("A", false)], [], 0],
    ["accepts a replay of the same operation", "replay", [ok("A", false), ok("A", true)], [], 0],
    ["finds a replay that was carried out again", "replay", [ok("A", false), ok("A", false)], [], 2],
    ["finds a replay that names another operation", "replay", [ok("A", false), ok("B", true)], [], 1],
    ["finds a replay that was refused", "replay", [ok("A", false), mismatch], [], 1],
    ["accepts that other content is refused", "misuse", [ok("A", false)], [mismatch], 0],
    ["finds other content accepted", "misuse", [ok("A", false)], [ok("B", false)], 1],
  ] as const)("%s", async (_name, kind, verdicts, misused, violations) => {
    const historyLog = new HistoryLog();
    const sending = { call: callOf([...verdicts]), strategy: { kind }, misuses: [callOf([...misused])] };
    await sendWith(historyLog, sending);
    expect(historyLog.violations).toHaveLength(violations);
  });
});

describe("the check of a key that is revoked while in use", () => {
  it.each([
    ["accepts a use before the revocation was acknowledged", "ok", 150, 0],
    ["accepts a refusal after it", "fail", 250, 0],
    ["finds a key accepted after it", "ok", 201, 1],
    ["finds a key refused before the revocation was requested", "fail", 50, 1],
  ] as const)("%s", (_name, kind, startedAt, violations) => {
    const historyLog = new HistoryLog();
    historyLog.revocation = { requestedAt: 100, acknowledgedAt: 200 };
    const times = { startedAt, endedAt: startedAt + 10, tries: 1 };
    const success: Outcome = { kind: "ok", body: {}, replayed: false, ...times };
    historyLog.checkRevokedKey(kind === "ok" ? success : { kind, code: "unauthenticated", ...times });
    expect(historyLog.violations).toHaveLength(violations);
  });
});
