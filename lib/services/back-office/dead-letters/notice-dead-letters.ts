import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Context } from "@/lib/services/context";
import { collectLetters } from "./collect";
import type { DeadLetter, DeadLetterKind } from "./letter";
import { LETTERS_MAX } from "./policy";
import { deleteNoticesBut, insertNotices } from "./store";

const KINDS: readonly DeadLetterKind[] = ["job", "event", "operation", "suspense"];

/** Logs each dead letter as an error, once while it is one. Answers how many are new. */
export async function noticeDeadLetters(context: Context): Promise<number> {
  const letters = await collectLetters(context);
  let noticed = 0;
  for (const kind of KINDS) {
    const ofKind = letters.filter((letter) => letter.kind === kind);
    noticed += await notice(context, kind, ofKind);
  }
  return noticed;
}

async function notice(context: Context, kind: DeadLetterKind, letters: DeadLetter[]): Promise<number> {
  const ids = letters.map(({ id }) => id);
  const fresh = await inTransaction(context.db, async (tx) => {
    // Of a longer list we don't see which ones are gone.
    if (ids.length < LETTERS_MAX) await deleteNoticesBut(tx, kind, ids);
    return new Set(await insertNotices(tx, kind, ids));
  });
  for (const { id, reference, since, why } of letters) {
    if (fresh.has(id)) log.error({ kind, id, reference, since, why }, "a dead letter waits for a person");
  }
  return fresh.size;
}
