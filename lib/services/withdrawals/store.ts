import { and, eq } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { quotes } from "@/db/schema";

export type QuoteRow = typeof quotes.$inferSelect;

export async function insertQuote(tx: Transaction, values: typeof quotes.$inferInsert): Promise<QuoteRow> {
  const [row] = await tx.insert(quotes).values(values).returning();
  if (!row) throw new Error("an insert returns its row");
  return row;
}

export async function findQuote(reader: Reader, userId: bigint, id: string): Promise<QuoteRow | null> {
  const [row] = await reader
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, id), eq(quotes.userId, userId)));
  return row ?? null;
}

/** Locks a user's quote: a double tap waits here for the first one. */
export async function lockQuote(tx: Transaction, userId: bigint, id: string): Promise<QuoteRow | null> {
  const [row] = await tx
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, id), eq(quotes.userId, userId)))
    .for("update");
  return row ?? null;
}

export async function spendQuote(tx: Transaction, id: string, operationId: bigint): Promise<void> {
  await tx.update(quotes).set({ operationId }).where(eq(quotes.id, id));
}
