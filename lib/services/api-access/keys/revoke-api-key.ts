import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { processCredentials } from "../credentials/process-credentials";
import { findKeyOfUser, markKeyRevoked } from "./store";

/**
 * Revokes a key for good, in all processes at once; one that was revoked before stays so. Throws `not_found` for a key
 * that isn't this person's.
 */
export async function revokeApiKey(context: Context, { keyId }: { keyId: bigint }): Promise<void> {
  const userId = requirePerson(context);
  await inTransaction(context.db, async (tx) => {
    const revoked = await markKeyRevoked(tx, userId, keyId);
    if (!revoked && !(await findKeyOfUser(tx, userId, keyId))) throw new DomainError("not_found");
  });
  processCredentials(context.db).revocations.announce(`key:${keyId}`);
}
