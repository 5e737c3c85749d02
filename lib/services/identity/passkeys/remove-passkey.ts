import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { deletePasskey } from "./store";

/** Removes one of the person's passkeys, and tells them. Throws `not_found`. */
export async function removePasskey(context: Context, passkeyId: bigint): Promise<void> {
  const userId = requirePerson(context);
  await inTransaction(context.db, async (tx) => {
    const name = await deletePasskey(tx, userId, passkeyId);
    if (name === null) throw new DomainError("not_found");
    const key = `passkey-removed:${passkeyId}`;
    await recordNotice(tx, { userId, kind: "passkey_removed", details: { name }, key });
  });
}
