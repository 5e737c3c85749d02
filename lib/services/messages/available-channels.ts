import type { ChannelKind } from "@/lib/messaging/channel";
import { listChannelKinds } from "@/lib/messaging/registry";

/** The channels that this deployment can send by: what isn't among them is offered to nobody. */
export function availableChannels(): readonly ChannelKind[] {
  return listChannelKinds();
}
