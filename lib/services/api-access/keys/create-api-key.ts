import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { type Context, requirePerson } from "@/lib/services/context";
import { consume } from "@/lib/services/rate-limits/consume";
import { confirmMoneyKey, logNewKey } from "./confirm-money-key";
import { hashOfKey, newKeyText, shownPrefix } from "./key-text";
import { lockKeysOf, requireFreeSlot } from "./policy";
import type { CreateApiKeyInput } from "./schema";
import { insertKey } from "./store";
import { keyView, type NewApiKey } from "./view";

/**
 * A key for a service of this person. The answer is the only time that the key itself is seen. A key that moves money out
 * needs the PIN. Throws `validation_failed` without a permission, what `confirmMoneyKey` throws, `key_limit_reached`,
 * `rate_limited`; `unauthenticated` for anybody but a person.
 */
export async function createApiKey(context: Context, input: CreateApiKeyInput): Promise<NewApiKey> {
  const userId = requirePerson(context);
  if (input.permissions.length === 0) {
    const issues = [{ field: "permissions", reason: "permission_required" }];
    throw new DomainError("validation_failed", { issues });
  }
  await confirmMoneyKey(context, input.permissions, input.pin ?? "");
  await consume(context.db, "api_key_creation", [userId.toString()]);
  const apiKey = newKeyText();
  const created = await inTransaction(context.db, async (tx) => {
    await lockKeysOf(tx, userId);
    await requireFreeSlot(tx, userId);
    const row = await insertKey(tx, {
      userId,
      name: input.name,
      permissions: input.permissions,
      expiry: input.expiry,
      prefix: shownPrefix(apiKey),
      hash: hashOfKey(apiKey),
      replacesKeyId: null,
    });
    invariant(row, "an inserted key comes back");
    return { apiKey, key: keyView(row) };
  });
  logNewKey(context, userId, created.key);
  return created;
}
