import type { Reader } from "@/db/client";
import type { ChannelKind } from "@/lib/messaging/channel";
import type { MessagePurpose } from "./message";
import { countMessages } from "./store";

export interface RecentMessages {
  userId: bigint;
  channel: ChannelKind;
  purpose: MessagePurpose;
  since: Date;
}

/** How many messages were queued for a person since then. */
export async function countRecentMessages(reader: Reader, messages: RecentMessages): Promise<number> {
  return await countMessages(reader, messages);
}
