import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { processCredentials } from "../credentials/process-credentials";
import { findKeyOfUser, findOwnerOfKey, markKeyRevoked } from "./store";

/**
 * Revokes any user's key for good, in all processes at once: for the operator's command line. False when it was revoked
 * before. Throws `unauthenticated`, `not_found`.
 */
export async function revokeAnyApiKey(context: Context, { keyId }: { keyId: bigint }): Promise<boolean> {
  requireSystem(context);
  const revoked = await inTransaction(context.db, async (tx) => {
    const userId = await findOwnerOfKey(tx, keyId);
    if (userId === null) throw new DomainError("not_found");
    const isNew = await markKeyRevoked(tx, userId, keyId);
    const key = isNew ? await findKeyOfUser(tx, userId, keyId) : null;
    if (key) {
      const details = { name: key.name };
      await recordNotice(tx, { userId, kind: "api_key_revoked", details, key: `api_key_revoked:${keyId}` });
    }
    return isNew;
  });
  processCredentials(context.db).revocations.announce(`key:${keyId}`);
  return revoked;
}
