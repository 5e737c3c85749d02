import type { Transaction } from "@/db/client";
import { log } from "@/lib/log";
import { insertDecision, type NewDecision } from "./store";

/** The operator who takes a decision, and the reason. */
export interface OperatorNote {
  operator: string;
  note: string;
}

/** Records an operator's decision about an operation or a webhook event, in the transaction of its effect. */
export async function recordDecision(
  tx: Transaction,
  reference: string | null,
  decision: NewDecision,
): Promise<void> {
  await insertDecision(tx, decision);
  log.warn({ reference, verdict: decision.verdict, operator: decision.operator }, "operator decision");
}
