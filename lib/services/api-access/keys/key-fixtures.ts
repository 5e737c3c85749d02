import type { Sql } from "postgres";
import { hashOfKey, newKeyText, shownPrefix } from "./key-text";

/** For tests: a key that expired an hour ago. Verbs can't make one, and the database keeps a key's end as it was made. */
export async function insertExpiredKey(
  owner: Sql,
  userId: bigint,
  { revoked = false, agoMs = 3_600_000 }: { revoked?: boolean; agoMs?: number } = {},
): Promise<{ keyId: bigint; apiKey: string }> {
  const apiKey = newKeyText();
  const [row] = await owner<{ id: string }[]>`
    insert into api_keys (user_id, name, prefix, hash, permissions, expires_at, revoked_at)
    values (${userId.toString()}, 'old one', ${shownPrefix(apiKey)}, ${hashOfKey(apiKey)}, '{read,transfer}',
      clock_timestamp() - make_interval(secs => ${agoMs / 1000}), ${revoked ? new Date() : null})
    returning id`;
  return { keyId: BigInt(row?.id ?? 0), apiKey };
}
