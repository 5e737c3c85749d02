import type { Transaction } from "@/db/client";
import { notices } from "@/db/schema";

export type NoticeRow = typeof notices.$inferSelect;

/** Writes nothing where the person has a notice with this key. */
export async function insertNotice(tx: Transaction, values: typeof notices.$inferInsert): Promise<void> {
  await tx.insert(notices).values(values).onConflictDoNothing();
}
