import type { Transaction } from "@/db/client";
import { decisions } from "@/db/schema";

export type DecisionRow = typeof decisions.$inferSelect;
/** About an operation or about an event. */
export type NewDecision = Pick<DecisionRow, "verdict" | "operator" | "note"> &
  ({ operationId: bigint } | { eventId: bigint });

export async function insertDecision(tx: Transaction, values: NewDecision): Promise<void> {
  await tx.insert(decisions).values(values);
}
