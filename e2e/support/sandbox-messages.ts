import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { InboxMessage } from "@/lib/sandbox/inbox";
import { SANDBOX_URL } from "./deployment-addresses";

const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;

/** The newest message that each address was asked for: a code is read once, so that an old one isn't taken for the new. */
const read = new Map<string, number>();

/** What the sandbox got for one number or address, the newest first. */
export async function listMessages(kind: "sms" | "mail", to: string): Promise<InboxMessage[]> {
  const response = await fetch(`${SANDBOX_URL}/_${kind}.json?to=${encodeURIComponent(to)}`);
  return ((await response.json()) as { messages: InboxMessage[] }).messages;
}

/** Waits for a message that this process hasn't read yet. */
export async function readMessage(kind: "sms" | "mail", to: string, text = /./): Promise<InboxMessage> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const fresh = (await listMessages(kind, to)).find(
      (message) => message.id > (read.get(to) ?? 0) && text.test(message.text),
    );
    if (fresh) {
      read.set(to, fresh.id);
      return fresh;
    }
    if (Date.now() > deadline) throw new Error(`no ${kind} came for ${to}`);
    await sleep(PAUSE_MS);
  }
}

const CODE = /\b[0-9]{6}\b/;

async function readCode(kind: "sms" | "mail", to: string): Promise<string> {
  const { text } = await readMessage(kind, to, CODE);
  return CODE.exec(text)?.[0] ?? "";
}

/** A number that no other run has, as it is shown; everything works for it. */
export function newNumber(): string {
  const pair = () => String(randomInt(10, 70));
  return `+226 70 ${pair()} ${pair()} ${pair()}`;
}

/** The six digits of the next SMS with a code to this E.164 number. */
export function readSmsCode(phone: string): Promise<string> {
  return readCode("sms", phone);
}

/** The six digits of the next e-mail with a code. */
export function readMailCode(address: string): Promise<string> {
  return readCode("mail", address);
}
