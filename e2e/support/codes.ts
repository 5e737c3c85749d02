import { randomInt } from "node:crypto";
import type postgres from "postgres";
import { newKey } from "@/lib/ids";
import type { Channel, ChannelKind } from "@/lib/messaging/channel";
import { overrideChannels } from "@/lib/messaging/registry";
import { codeOf } from "@/lib/services/identity/codes/code-value";

/** A channel that takes every message and sends none: tests read codes with {@link readCode}. */
function silentChannel(kind: ChannelKind): Channel {
  const send = async () => ({ vendorMessageId: newKey() });
  return { vendor: "silent", kind, reaches: () => true, send, callbacks: null };
}

/** Offers sign-up by phone number and codes by e-mail in this process, until `overrideChannels(null)`. */
export function offerCodes(...kinds: ChannelKind[]): void {
  overrideChannels((kinds.length > 0 ? kinds : (["sms", "email"] as const)).map(silentChannel));
}

/** The code that was last requested for a number or an address. */
export async function readCode(owner: postgres.Sql, contact: string): Promise<string> {
  const [row] = await owner<{ id: string; purpose: string; contact: string }[]>`
    select id, purpose, contact from contact_codes where contact = ${contact} order by created_at desc limit 1`;
  if (!row) throw new Error("no code was requested for this contact");
  return codeOf(row);
}

/** Another code than the right one. */
export function wrongCode(code: string): string {
  return code === "000000" ? "000001" : "000000";
}

/** A Burkinabe number that no other test has: files share a database, and have no memory in common. */
export function newPhone(): string {
  return `+2267${String(randomInt(10_000_000)).padStart(7, "0")}`;
}
