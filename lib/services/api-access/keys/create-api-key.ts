import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { type Context, requirePerson } from "@/lib/services/context";
import { claimKeyForAnswer, storeAnswer } from "@/lib/services/idempotency/claim";
import type { KeyedInput } from "@/lib/services/idempotency/input-hash";
import { requireIdempotencyKey } from "@/lib/services/idempotency/key";
import { requireNoLimit } from "@/lib/services/money-out-limits/require-within-limit";
import { consume } from "@/lib/services/rate-limits/consume";
import { confirmMoneyKey, logNewKey, movesMoneyOut, tellOfNewKey } from "./confirm-money-key";
import { hashOfKey, newKeyText, shownPrefix } from "./key-text";
import { lockKeysOf, requireFreeSlot } from "./policy";
import type { CreateApiKeyInput } from "./schema";
import { findKeyOfUser, insertKey } from "./store";
import { type KnownApiKey, keyView, type NewApiKey } from "./view";

/**
 * A key for a service of this person. The answer is the only time that the key itself is seen. A key that moves money out
 * needs the PIN. Throws `validation_failed` without a permission, what `confirmMoneyKey` throws, `money_keys_limited`,
 * `key_limit_reached`, `rate_limited`; `unauthenticated` for anybody but a person.
 */
export async function createApiKey(context: Context, input: CreateApiKeyInput): Promise<NewApiKey> {
  const userId = await requireCreation(context, input);
  const created = await inTransaction(context.db, async (tx) => await insertNewKey(tx, userId, input));
  logNewKey(context, userId, created.key);
  return created;
}

/**
 * As {@link createApiKey}, for a form that may be sent again: the same idempotency key answers the API key that it made, but
 * not its text. Throws `idempotency_mismatch` too.
 */
export async function createApiKeyOnce(
  context: Context,
  { key, ...input }: CreateApiKeyInput & { key: string },
): Promise<NewApiKey | KnownApiKey> {
  requireIdempotencyKey(key);
  const userId = await requireCreation(context, input);
  const claim = { userId, key, input: inputOf(input) };
  const made = await inTransaction(context.db, async (tx) => {
    const earlier = await claimKeyForAnswer(tx, claim);
    if (earlier !== null) return await findKnownKey(tx, userId, earlier);
    const created = await insertNewKey(tx, userId, input);
    await storeAnswer(tx, claim, JSON.stringify({ keyId: created.key.id.toString() }));
    return created;
  });
  if (made.apiKey !== null) logNewKey(context, userId, made.key);
  return made;
}

async function requireCreation(context: Context, input: CreateApiKeyInput): Promise<bigint> {
  const userId = requirePerson(context);
  if (input.permissions.length === 0) {
    const issues = [{ field: "permissions", reason: "permission_required" }];
    throw new DomainError("validation_failed", { issues });
  }
  await confirmMoneyKey(context, input.permissions, input.pin ?? "");
  await consume(context.db, "api_key_creation", [userId.toString()]);
  return userId;
}

async function insertNewKey(
  tx: Transaction,
  userId: bigint,
  { name, permissions, expiry }: CreateApiKeyInput,
): Promise<NewApiKey> {
  const apiKey = newKeyText();
  await lockKeysOf(tx, userId);
  await requireFreeSlot(tx, userId);
  if (movesMoneyOut(permissions)) await requireNoLimit(tx, userId);
  const row = await insertKey(tx, {
    userId,
    name,
    permissions,
    expiry,
    prefix: shownPrefix(apiKey),
    hash: hashOfKey(apiKey),
    replacesKeyId: null,
  });
  invariant(row, "an inserted key comes back");
  await tellOfNewKey(tx, userId, row);
  return { apiKey, key: keyView(row) };
}

function inputOf({ name, permissions, expiry }: CreateApiKeyInput): KeyedInput {
  return { verb: "create_api_key", fields: [name, [...permissions].sort(), expiry] };
}

async function findKnownKey(tx: Transaction, userId: bigint, answer: string): Promise<KnownApiKey> {
  const { keyId } = JSON.parse(answer) as { keyId: string };
  const row = await findKeyOfUser(tx, userId, BigInt(keyId));
  invariant(row, "a key that was made is never deleted");
  return { apiKey: null, key: keyView(row) };
}
