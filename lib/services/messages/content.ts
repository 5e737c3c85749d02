import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { config } from "@/lib/config";
import type { MessageContent } from "./message";

// AES-256-GCM with a key made of PIN_SECRET, which isn't in the database: who reads a backup reads no codes. An older secret
// of the list still opens what it sealed.
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

const shape = z.object({ subject: z.string(), text: z.string(), html: z.string().nullable() });

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", "cauris outgoing messages", KEY_BYTES));
}

/** Sealed for the message with this key: another row's content can't be put in its place. */
export function sealContent(messageKey: string, content: MessageContent): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(config().pinSecrets[0]), iv).setAAD(Buffer.from(messageKey));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** Null when no configured secret opens it. */
export function openContent(messageKey: string, sealed: Buffer): MessageContent | null {
  for (const secret of config().pinSecrets) {
    try {
      const iv = sealed.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(CIPHER, keyOf(secret), iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(messageKey))
        .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return shape.parse(JSON.parse(text.toString("utf8")));
    } catch {
      // Sealed with another secret of the list.
    }
  }
  return null;
}
