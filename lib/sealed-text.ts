import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { config } from "./config";

// AES-256-GCM with keys made of PIN_SECRET, which isn't in the database: who reads a backup reads no secret. An older secret of
// the list still opens what it sealed.
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Authenticated with the text: its kind and its row, so that another text can't be put in its place. */
export interface SealedFor {
  kind: string;
  id: string;
}

function keyOf(secret: string, kind: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `cauris ${kind}`, KEY_BYTES));
}

export function sealText({ kind, id }: SealedFor, text: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(config().pinSecrets[0], kind), iv).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** Null when no configured secret opens it. */
export function openText({ kind, id }: SealedFor, sealed: Buffer): string | null {
  for (const secret of config().pinSecrets) {
    try {
      const iv = sealed.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(CIPHER, keyOf(secret, kind), iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(id))
        .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([
        decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString();
    } catch {
      // Sealed with another secret of the list.
    }
  }
  return null;
}
