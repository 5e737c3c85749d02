import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "@/lib/services/context";
import { processCredentials } from "../credentials/process-credentials";
import { findOwnerOfKey, markKeyRevoked } from "./store";

/**
 * Ends anybody's key at once, everywhere and for good: for the operator's command line. Answers whether it
 * was still to be ended. Throws `unauthenticated`, `not_found`.
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
