import { madeOfConfig } from "@/lib/config";
import { createAfricasTalking } from "./africas-talking";
import type { Channel, ChannelKind, ChannelMessage, Sent } from "./channel";
import { createOrangeSms } from "./orange-sms";
import { createSmtp } from "./smtp";
import { createTermii } from "./termii";
import { createWebPush } from "./web-push";

const configured = madeOfConfig<readonly Channel[]>(({ messaging }) => {
  const { smtp, orangeSms, termii, africasTalking, webPush } = messaging;
  return [
    ...(smtp ? [createSmtp(smtp)] : []),
    ...(orangeSms ? [createOrangeSms(orangeSms)] : []),
    ...(termii ? [createTermii(termii)] : []),
    ...(africasTalking ? [createAfricasTalking(africasTalking)] : []),
    ...(webPush ? [createWebPush(webPush)] : []),
  ];
});
let override: readonly Channel[] | null = null;

/** Every configured vendor, in the order in which they are tried. */
export function listChannels(): readonly Channel[] {
  return override ?? configured();
}

/** The kinds of channels that a configured vendor serves. */
export function listChannelKinds(): readonly ChannelKind[] {
  return [...new Set(listChannels().map(({ kind }) => kind))];
}

/** Hands one message to one vendor. Throws {@link MessageError}. Every call of a vendor goes through here. */
export async function sendByChannel(channel: Channel, message: ChannelMessage): Promise<Sent> {
  return await channel.send(message);
}

/** For tests: these channels instead of the configured ones, until it is called with null. */
export function overrideChannels(channels: readonly Channel[] | null): void {
  override = channels;
}
