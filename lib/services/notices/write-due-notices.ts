import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../context";
import { insertNotice, takeDue } from "./store";

const BATCH_SIZE = 200;

/** Writes the scheduled notices whose date has come. Answers how many. Throws `unauthenticated`. */
export async function writeDueNotices(context: Context): Promise<number> {
  requireSystem(context);
  let written = 0;
  for (;;) {
    const due = await inTransaction(context.db, async (tx) => {
      const taken = await takeDue(tx, BATCH_SIZE);
      for (const { dueAt, key, ...notice } of taken) {
        await insertNotice(tx, { ...notice, key: `${key}:${dueAt.toISOString()}` });
      }
      return taken.length;
    });
    written += due;
    if (due < BATCH_SIZE) return written;
  }
}
