import { z } from "zod";
import { openText, sealText } from "@/lib/sealed-text";
import type { MessageContent } from "./message";

const shape = z.object({ subject: z.string(), text: z.string(), html: z.string().nullable() });

const sealedFor = (messageKey: string) => ({ kind: "outgoing messages", id: messageKey });

/** Sealed for the message with this key. */
export function sealContent(messageKey: string, content: MessageContent): Buffer {
  return sealText(sealedFor(messageKey), JSON.stringify(content));
}

/** Null when no configured secret opens it. */
export function openContent(messageKey: string, sealed: Buffer): MessageContent | null {
  const text = openText(sealedFor(messageKey), sealed);
  return text === null ? null : shape.parse(JSON.parse(text));
}
