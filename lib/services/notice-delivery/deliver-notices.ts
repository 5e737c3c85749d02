import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { type Context, requireSystem } from "../context";
import { availableChannels } from "../messages/available-channels";
import { enqueueJob } from "../outbox/enqueue-job";
import { queueNotice, targetsOf } from "./queue-notice";
import { findReceivers } from "./receiver";
import { lockNotice, lockUnqueued, markQueued, type NoticeRow, selectSubjects } from "./store";

const BATCH_SIZE = 100;

/**
 * Queues the messages of all notices that were written since: each notice once, by the channels that its receiver chose. One
 * that can't be queued becomes a job of its own, so that it holds up no other. Answers how many notices. Throws
 * `unauthenticated`.
 */
export async function deliverNotices(context: Context): Promise<number> {
  requireSystem(context);
  let delivered = 0;
  for (;;) {
    const batch = await deliverBatch(context);
    delivered += batch;
    if (batch < BATCH_SIZE) return delivered;
  }
}

/** The job of a notice that couldn't be queued with the others. Does nothing for one that doesn't exist. Throws `unauthenticated`. */
export async function deliverNotice(
  context: Context,
  { userId, noticeId }: { userId: bigint; noticeId: bigint },
): Promise<void> {
  requireSystem(context);
  await inTransaction(context.db, async (tx) => {
    const notice = await lockNotice(tx, userId, noticeId);
    if (notice !== null) await queueAll(tx, context, [notice]);
  });
}

async function deliverBatch(context: Context): Promise<number> {
  try {
    return await inTransaction(context.db, async (tx) => {
      const rows = await lockUnqueued(tx, BATCH_SIZE);
      await queueAll(tx, context, rows);
      await markQueued(tx, rows);
      return rows.length;
    });
  } catch (error) {
    log.error({ err: error }, "notices can't be queued together");
    return await inTransaction(context.db, async (tx) => {
      const rows = await lockUnqueued(tx, BATCH_SIZE);
      for (const row of rows) await enqueueDelivery(tx, row);
      await markQueued(tx, rows, { keepsAddresses: true });
      return rows.length;
    });
  }
}

async function enqueueDelivery(tx: Transaction, { userId, id }: NoticeRow): Promise<void> {
  const payload = { userId: userId.toString(), noticeId: id.toString() };
  await enqueueJob(tx, "deliver_notice", payload, { key: `deliver_notice:${id}` });
}

async function queueAll(tx: Transaction, { now }: Context, rows: readonly NoticeRow[]): Promise<void> {
  const available = availableChannels();
  if (rows.length === 0 || available.length === 0) return;
  const receivers = await findReceivers(tx, [...new Set(rows.map(({ userId }) => userId))]);
  const planned = rows.flatMap((notice) => {
    const receiver = receivers.get(notice.userId);
    const targets = receiver ? targetsOf(notice, receiver, { available, now }) : [];
    return receiver && targets.length > 0 ? [{ notice, receiver, targets }] : [];
  });
  const subjects = await selectSubjects(
    tx,
    planned.map(({ notice }) => notice),
  );
  for (const { notice, receiver, targets } of planned) {
    const subject = subjects.find((each) => each.notice.id === notice.id);
    if (subject) await queueNotice(tx, subject, receiver, { targets, now });
  }
}
