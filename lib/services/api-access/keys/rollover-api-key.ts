import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { type Context, requirePerson } from "@/lib/services/context";
import { requireNoLimit } from "@/lib/services/money-out-limits/require-within-limit";
import { confirmMoneyKey, logNewKey, movesMoneyOut, tellOfNewKey } from "./confirm-money-key";
import { hashOfKey, newKeyText, shownPrefix } from "./key-text";
import { lockKeysOf, requireFreeSlot } from "./policy";
import type { ApiKeyExpiry } from "./schema";
import { findKeyOfUser, insertKey, type KeyRow } from "./store";
import { keyView, type NewApiKey } from "./view";

/**
 * Creates the one successor of an expired key, with its name and permissions. One that moves money out needs the PIN. Throws
 * `not_found`, what `confirmMoneyKey` throws, `key_revoked`, `key_not_expired`, `key_replaced` when there is a successor
 * already, `key_limit_reached`, `money_keys_limited`.
 */
export async function rolloverApiKey(
  context: Context,
  { expiredKeyId, expiry, pin = "" }: { expiredKeyId: bigint; expiry: ApiKeyExpiry; pin?: string },
): Promise<NewApiKey> {
  const userId = requirePerson(context);
  // Before the transaction, since a try of the PIN is committed by itself; a key's permissions never change.
  const known = await findKeyOfUser(context.db, userId, expiredKeyId);
  if (known && isRenewable(known)) await confirmMoneyKey(context, known.permissions, pin);
  const apiKey = newKeyText();
  const created = await inTransaction(context.db, async (tx) => {
    // The user's lock keeps two successors from being created at once; a unique index enforces it too.
    await lockKeysOf(tx, userId);
    const old = await findKeyOfUser(tx, userId, expiredKeyId);
    if (!old) throw new DomainError("not_found");
    if (old.isRevoked) throw new DomainError("key_revoked");
    if (!old.isExpired) throw new DomainError("key_not_expired");
    if (old.isReplaced) throw new DomainError("key_replaced");
    await requireFreeSlot(tx, userId);
    if (movesMoneyOut(old.permissions)) await requireNoLimit(tx, userId);
    const row = await insertKey(tx, {
      userId,
      name: old.name,
      permissions: old.permissions,
      expiry,
      prefix: shownPrefix(apiKey),
      hash: hashOfKey(apiKey),
      replacesKeyId: old.id,
    });
    invariant(row, "an inserted key comes back");
    await tellOfNewKey(tx, userId, row);
    return { apiKey, key: keyView(row) };
  });
  logNewKey(context, userId, created.key);
  return created;
}

/** False for a key that is refused anyway: a wrong PIN isn't counted then. */
function isRenewable({ isRevoked, isExpired, isReplaced }: KeyRow): boolean {
  return isExpired && !isRevoked && !isReplaced;
}
