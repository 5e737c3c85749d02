import type { Transaction } from "@/db/client";
import type { NoticeDetails, RecordedNoticeKind } from "./details";
import { insertNotice } from "./store";

export interface NewNotice<K extends RecordedNoticeKind> {
  userId: bigint;
  kind: K;
  details: NoticeDetails<K>;
  /** Makes it happen once: the same key again for the same person writes nothing. At most 200 characters. */
  key: string;
  /** Addresses that hear it besides the person's own: the one that was just replaced, as it was verified. */
  alsoTo?: { email?: string; phone?: string };
}

/** Writes a notice in the transaction of what it tells. Channels, language, hours and texts are decided when it is sent. */
export async function recordNotice<K extends RecordedNoticeKind>(
  tx: Transaction,
  notice: NewNotice<K>,
): Promise<void> {
  await insertNotice(tx, notice);
}
