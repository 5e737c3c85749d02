import type { Database } from "@/db/client";
import { type Credentials, type KeyHolder, processCredentials } from "../credentials/process-credentials";
import { hashOfKey, isKeyText } from "./key-text";
import { findLiveKey } from "./store";

/**
 * Whose key this is and what it permits; null when it isn't one, is revoked or expired, or its user is frozen. A typo
 * fails the key's checksum, and a recently checked key is cached: neither needs a read.
 */
export async function checkApiKey(
  db: Database,
  apiKey: string,
  credentials: Credentials = processCredentials(db),
): Promise<KeyHolder | null> {
  if (!isKeyText(apiKey)) return null;
  const hash = hashOfKey(apiKey);
  const holder = await credentials.keys.find(hash.toString("base64"), async () => {
    const live = await findLiveKey(db, hash);
    if (!live) return null;
    const { remainingMs, ...found } = live;
    return { holder: found, name: `key:${found.keyId}`, remainingMs };
  });
  if (holder) credentials.keyUses.record(holder.keyId);
  return holder;
}
