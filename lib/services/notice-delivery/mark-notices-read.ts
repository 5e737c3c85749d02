import { inTransaction } from "@/db/transaction";
import { type Context, requirePerson } from "../context";
import { markRead } from "./store";

/**
 * Marks the person's notices as read, up to and with the newest that they were shown: what came meanwhile stays unread. Throws
 * `unauthenticated`.
 */
export async function markNoticesRead(context: Context, { upTo }: { upTo: string }): Promise<void> {
  const userId = requirePerson(context);
  await inTransaction(context.db, (tx) => markRead(tx, userId, BigInt(upTo)));
}
