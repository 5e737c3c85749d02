import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../../context";
import { insertReminders } from "./store";

/**
 * Reminds members, and nobody else, of what they still have to pay: three days and one day before, on the due day, and the day after, at
 * eight o'clock of their group's zone. Who has paid by then isn't reminded. For the system, at any time. Answers how many were reminded.
 */
export async function remindDues(context: Context): Promise<number> {
  requireSystem(context);
  return await inTransaction(context.db, (tx) => insertReminders(tx, context.now));
}
