import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "@/lib/services/context";
import { processCredentials } from "../credentials/process-credentials";
import { findOwnerOfKey, markKeyRevoked } from "./store";

/**
 * Revokes any user's key for good, in all processes at once: for the operator's command line. False when it was revoked
 * before. Throws `unauthenticated`, `not_found`.
 */
export async function revokeAnyApiKey(context: Context, { keyId }: { keyId: bigint }): Promise<boolean> {
  requireSystem(context);
  const revoked = await inTransaction(context.db, async (tx) => {
    const userId = await findOwnerOfKey(tx, keyId);
    if (userId === null) throw new DomainError("not_found");
    return await markKeyRevoked(tx, userId, keyId);
  });
  processCredentials(context.db).revocations.announce(`key:${keyId}`);
  return revoked;
}
