import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { InboxMessage } from "@/lib/sandbox/inbox";
import { SANDBOX_URL } from "./deployment-addresses";

const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;

/** A random number as pages show it. The sandbox misbehaves for none of these. */
export function newNumber(): string {
  const pair = () => String(randomInt(10, 70));
  return `+226 70 ${pair()} ${pair()} ${pair()}`;
}

const CODE = /\b[0-9]{6}\b/;

/** The newest message with a code that was read for each number: a code is read once, so an old one isn't taken for the new. */
const read = new Map<string, number>();

/** The six digits of the next SMS with a code that the sandbox's gateway gets for this E.164 number. Waits for it. */
export async function readSmsCode(phone: string): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(`${SANDBOX_URL}/_sms.json?to=${encodeURIComponent(phone)}`);
    const { messages } = (await response.json()) as { messages: InboxMessage[] };
    for (const { id, text } of messages) {
      const code = CODE.exec(text)?.[0];
      if (id <= (read.get(phone) ?? 0) || code === undefined) continue;
      read.set(phone, id);
      return code;
    }
    if (Date.now() > deadline) throw new Error(`no SMS with a code came for ${phone}`);
    await sleep(PAUSE_MS);
  }
}
