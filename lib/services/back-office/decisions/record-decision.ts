import type { Transaction } from "@/db/client";
import { log } from "@/lib/log";
import { insertDecision, type NewDecision } from "./store";

/** Who decides, and why. */
export interface Decider {
  operator: string;
  note: string;
}

/** Writes down what a person decided about an operation or an event, in the transaction of its effect. */
export async function recordDecision(
  tx: Transaction,
  reference: string | null,
  decision: NewDecision,
): Promise<void> {
  await insertDecision(tx, decision);
  log.warn({ reference, verdict: decision.verdict, operator: decision.operator }, "decided by a person");
}
