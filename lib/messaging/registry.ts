import { config } from "@/lib/config";
import { createAfricasTalking } from "./africas-talking";
import type { Channel, ChannelKind, ChannelMessage, Sent } from "./channel";
import { createOrangeSms } from "./orange-sms";
import { createSmtp } from "./smtp";
import { createTermii } from "./termii";
import { createWebPush } from "./web-push";

let configured: readonly Channel[] | undefined;
let override: readonly Channel[] | null = null;

function build(): readonly Channel[] {
  const { smtp, orangeSms, termii, africasTalking, webPush } = config().messaging;
  return [
    ...(smtp ? [createSmtp(smtp)] : []),
    ...(orangeSms ? [createOrangeSms(orangeSms)] : []),
    ...(termii ? [createTermii(termii)] : []),
    ...(africasTalking ? [createAfricasTalking(africasTalking)] : []),
    ...(webPush ? [createWebPush(webPush)] : []),
  ];
}

/** Every configured vendor, in the order in which they are tried. */
export function listChannels(): readonly Channel[] {
  if (override) return override;
  configured ??= build();
  return configured;
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
  configured = undefined;
}
