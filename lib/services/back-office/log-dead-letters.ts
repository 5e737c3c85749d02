import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Context } from "../context";
import { collectDeadLetters } from "./list-dead-letters";
import { DEAD_LETTERS_MAX } from "./policy";
import { deleteNoticesBut, insertNotices } from "./store";
import type { DeadLetter, DeadLetterKind } from "./view";

const KINDS: readonly DeadLetterKind[] = ["job", "event", "operation", "suspense"];

/** Logs each new dead letter as an error, once for as long as it is one. Answers how many are new. */
export async function logDeadLetters(context: Context): Promise<number> {
  const deadLetters = await collectDeadLetters(context);
  let logged = 0;
  for (const kind of KINDS) {
    const ofKind = deadLetters.filter((deadLetter) => deadLetter.kind === kind);
    logged += await logNew(context, kind, ofKind);
  }
  return logged;
}

async function logNew(context: Context, kind: DeadLetterKind, deadLetters: DeadLetter[]): Promise<number> {
  const ids = deadLetters.map(({ id }) => id);
  const fresh = await inTransaction(context.db, async (tx) => {
    // A list that was cut off doesn't tell which dead letters are gone.
    if (ids.length < DEAD_LETTERS_MAX) await deleteNoticesBut(tx, kind, ids);
    return new Set(await insertNotices(tx, kind, ids));
  });
  for (const { id, reference, since, why } of deadLetters) {
    if (fresh.has(id)) log.error({ kind, id, reference, since, why }, "dead letter");
  }
  return fresh.size;
}
