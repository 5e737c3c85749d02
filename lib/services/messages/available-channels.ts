import type { ChannelKind } from "@/lib/messaging/channel";
import { listChannelKinds } from "@/lib/messaging/registry";

/** The channels that this deployment can send by. Pages offer only these. */
export function availableChannels(): readonly ChannelKind[] {
  return listChannelKinds();
}
