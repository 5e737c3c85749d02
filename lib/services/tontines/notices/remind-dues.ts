import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../../context";
import { insertKeptReminders, insertOverdueDisputes, insertReminders, insertVoteReminders } from "./store";

/**
 * Reminds members, and nobody else, of what they still have to pay: three days and one day before, on the due day, and the day after, at
 * eight o'clock of their group's zone. Who has paid by then isn't reminded. A day before its
 * deadline, of a vote that they have not cast; each week, of what is kept for them; and officers of disputes that are overdue. For the
 * system, at any time. Answers how many were reminded.
 */
export async function remindDues(context: Context): Promise<number> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) => {
    const written = [
      await insertReminders(tx, context.now),
      await insertVoteReminders(tx, context.now),
      await insertKeptReminders(tx, context.now),
      await insertOverdueDisputes(tx, context.now),
    ];
    return written.reduce((sum, each) => sum + each, 0);
  });
}
