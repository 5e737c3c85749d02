import type { Transaction } from "@/db/client";
import { log } from "@/lib/log";
import { type Context, requirePerson } from "@/lib/services/context";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { RECENT_SIGN_IN_MS } from "@/lib/services/identity/pin/policy";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { findSessionStart } from "../sessions/store";
import type { ApiPermission } from "./schema";
import type { ApiKeyView } from "./view";

const MONEY_OUT: readonly ApiPermission[] = ["transfer", "withdraw", "tontine:pay"];

/** True for a key by which money can leave the wallet. */
export function movesMoneyOut(permissions: readonly ApiPermission[]): boolean {
  return MONEY_OUT.some((permission) => permissions.includes(permission));
}

/**
 * The rule for a key that outlives the session which asks for it: one that moves money out needs the person's PIN. An API
 * client that signed in at most ten minutes ago may leave the PIN out, since the API's contract has none; a browser may not.
 * Throws what {@link checkPin} throws.
 */
export async function confirmMoneyKey(
  context: Context,
  permissions: readonly ApiPermission[],
  pin: string,
): Promise<void> {
  requirePerson(context);
  if (!movesMoneyOut(permissions)) return;
  if (pin === "" && (await isFreshApiSession(context))) return;
  await checkPin(context, pin);
}

async function isFreshApiSession({ actor, db, now }: Context): Promise<boolean> {
  if (actor.kind !== "user") return false;
  const startedAt = await findSessionStart(db, actor.sessionId);
  return startedAt !== null && now.getTime() - startedAt.getTime() <= RECENT_SIGN_IN_MS;
}

/** Records that somebody made a key; the settings show its owner that there is one. */
export function logNewKey({ requestId }: Context, userId: bigint, key: ApiKeyView): void {
  const { id: keyId, permissions } = key;
  log.info(
    { requestId, userId, keyId, permissions, movesMoneyOut: movesMoneyOut(permissions) },
    "API key made",
  );
}

/** Tells the owner of a key that was just made, in its transaction. */
export async function tellOfNewKey(
  tx: Transaction,
  userId: bigint,
  { id, name, permissions }: { id: bigint; name: string; permissions: readonly ApiPermission[] },
): Promise<void> {
  const details = { name, canMoveMoney: movesMoneyOut(permissions) };
  await recordNotice(tx, { userId, kind: "api_key_made", details, key: `api_key:${id}` });
}
