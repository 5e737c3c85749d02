import type { Transaction } from "@/db/client";
import type { NoticeDetails, RecordedNoticeKind } from "./details";
import { deleteScheduled, upsertScheduled } from "./store";

export interface ScheduledNotice<K extends RecordedNoticeKind> {
  userId: bigint;
  kind: K;
  details: NoticeDetails<K>;
  /** One a person: the same key again moves it. At most 150 characters. */
  key: string;
  dueAt: Date;
}

/** Has a notice written at a date, once for each date, unless it is moved or cancelled before. In the transaction of what sets the date. */
export async function scheduleNotice<K extends RecordedNoticeKind>(
  tx: Transaction,
  notice: ScheduledNotice<K>,
): Promise<void> {
  await upsertScheduled(tx, notice);
}

/** Has a scheduled notice not written; nothing where there is none. */
export async function cancelNotice(tx: Transaction, userId: bigint, key: string): Promise<void> {
  await deleteScheduled(tx, userId, key);
}
