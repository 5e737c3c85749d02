import type { Transaction } from "@/db/client";
import { decisions } from "@/db/schema";

export type DecisionRow = typeof decisions.$inferSelect;
export type NewDecision = Pick<DecisionRow, "operationId" | "verdict" | "operator" | "note">;

export async function insertDecision(tx: Transaction, values: NewDecision): Promise<void> {
  await tx.insert(decisions).values(values);
}
