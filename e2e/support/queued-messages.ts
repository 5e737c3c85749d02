import type { Sql } from "postgres";
import { openContent } from "@/lib/services/messages/content";
import type { MessageContent } from "@/lib/services/messages/message";

/** The texts of messages that wait for this number or address, the newest first: for tests of verbs, where nothing is sent. */
export async function readQueued(owner: Sql, to: string): Promise<MessageContent[]> {
  const rows = await owner<{ key: string; content: Buffer }[]>`
    select key, content from outgoing_messages where recipient = ${to} and content is not null order by id desc`;
  return rows.flatMap(({ key, content }) => openContent(key, content) ?? []);
}

/** The six digits of the newest code that waits for this number or address. Throws when none does. */
export async function readQueuedCode(owner: Sql, to: string): Promise<string> {
  for (const { text } of await readQueued(owner, to)) {
    const code = /\b[0-9]{6}\b/.exec(text)?.[0];
    if (code !== undefined) return code;
  }
  throw new Error(`no code waits for ${to}`);
}
