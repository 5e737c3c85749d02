import { randomInt } from "node:crypto";
import { z } from "zod";
import type { Book, PaystackDetails } from "./book";
import type { Reply } from "./http";
import { matchPaystackScenario } from "./paystack-scenarios";
import { type PaystackEntry, refuse } from "./paystack-shapes";
import type { EntryKind, Scenario } from "./scenario";
import { findScenario } from "./scenarios";
import type { Settlement } from "./settlement";

export interface PaystackAccount {
  secretKey: string;
  /** One for everything, as in Paystack's dashboard. */
  webhookUrl: string;
}

export interface PaystackOptions {
  account: PaystackAccount;
  book: Book;
  settlement: Settlement;
  /** How late a lagging query is. */
  slowMs: number;
  /** Scenarios set by `/_scenario`, by reference; null switches one off. */
  scenarios: Map<string, string | null>;
}

/** Paystack's own samples send the amount as a string, and it takes both. */
export const kobo = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^[0-9]{1,15}$/)
      .transform(Number),
  ])
  .pipe(z.number().int().min(100).max(1_000_000_000_000));

export function explainInvalid(error: z.ZodError): Reply {
  return refuse(400, "invalid_params", `Invalid ${String(error.issues[0]?.path[0] ?? "body")}`);
}

/** The scenario that was set for the reference or, failing that, that the amount selects. */
export function scenarioOf(
  kind: EntryKind,
  request: { reference: string; amount: number },
  options: PaystackOptions,
): Scenario | null {
  const named = options.scenarios.get(request.reference);
  return named === undefined ? matchPaystackScenario(kind, request.amount) : findScenario(named);
}

/** A scenario's refusal before anything is accepted; null without one. */
export function refusalOf(scenario: Scenario | null): Reply | null {
  const answer = scenario?.answer;
  if (typeof answer === "object") return refuse(answer.status, answer.code, answer.message);
  return answer === "error_before" ? refuse(500, "unknown", "Internal server error") : null;
}

/** The answer to a call that was accepted. Null: none at all. */
export function answerAfterAccepting(scenario: Scenario | null, accepted: Reply): Reply | null {
  switch (scenario?.answer) {
    case "error_after":
      return refuse(500, "unknown", "Internal server error");
    case "silence_after":
      return null;
    case "garbage_after":
      return { status: 200, headers: { "content-type": "text/html" }, body: "<html>OK</html>" };
    default:
      return accepted;
  }
}

/** A charge or a transfer at its start. */
export function newEntry(
  kind: EntryKind,
  order: { id: string; reference: string; amount: number; userId: string; phone: string; method: string },
  scenario: Scenario | null,
  details: Omit<PaystackDetails, "id">,
  callbackUrl: string,
): PaystackEntry {
  const now = new Date().toISOString();
  return {
    kind,
    ...order,
    currency: "NGN",
    callbackUrl,
    returnUrl: null,
    locale: "en",
    scenario: scenario?.code ?? null,
    state: "pending",
    approval: kind === "payout" || scenario?.paysByItself ? "confirmed" : null,
    stepsDone: 0,
    timesPaid: 0,
    paidAmount: null,
    paidCurrency: null,
    submissions: 1,
    createdAt: now,
    changedAt: now,
    webhooks: [],
    paystack: { id: randomInt(1, 2 ** 47), ...details },
  };
}
