import type { Reader } from "@/db/client";
import { UNREAD_COUNTED_MAX } from "./policy";
import { countUnreadRows } from "./store";

/** How many notices a user hasn't read, up to {@link UNREAD_COUNTED_MAX}. For pages that have checked who looks. */
export async function countUnread(reader: Reader, userId: bigint): Promise<number> {
  return await countUnreadRows(reader, userId, UNREAD_COUNTED_MAX);
}
