import type { Transaction } from "@/db/client";
import { enqueueJob } from "../outbox/enqueue-job";
import { sealContent } from "./content";
import type { NewMessage } from "./message";
import { ATTEMPTS_MAX, PRIORITY, QUEUES, WORTH_SENDING_MS } from "./policy";
import { insertMessage } from "./store";

/**
 * Queues a message in the caller's transaction: it is sent, at least once, if and only if that commits and it doesn't expire
 * before. Costs one row and one job, calls nobody, and never fails for a vendor's sake. A second message with the same `key`
 * changes nothing.
 */
export async function queueMessage(tx: Transaction, message: NewMessage): Promise<void> {
  const { channel, to, userId, subject = "", text, html = null, purpose, locale, notBefore, key } = message;
  const from = notBefore ?? new Date();
  const expiresAt = message.expiresAt ?? new Date(from.getTime() + WORTH_SENDING_MS[purpose]);
  const id = await insertMessage(tx, {
    key,
    channel,
    recipient: to,
    userId,
    purpose,
    locale,
    content: sealContent(key, { subject, text, html }),
    notBefore: notBefore ?? null,
    expiresAt,
  });
  if (id === null) return;
  await enqueueJob(
    tx,
    "send_message",
    { messageId: id.toString() },
    {
      key: `message:${id}`,
      queue: `${channel} ${id % BigInt(QUEUES[channel])}`,
      priority: PRIORITY[purpose],
      attemptsMax: ATTEMPTS_MAX,
      ...(notBefore === undefined ? {} : { runAt: notBefore }),
    },
  );
}
