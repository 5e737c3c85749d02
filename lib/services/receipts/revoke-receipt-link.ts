import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { lockReceiptLink, markRevoked } from "./store";

/**
 * Ends one of the person's links for good; one that has ended stays so. Throws `not_found` for what doesn't exist and for what
 * is somebody else's, `unauthenticated` for API keys.
 */
export async function revokeReceiptLink(context: Context, linkId: string): Promise<void> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  if (!isUuid(linkId)) throw new DomainError("not_found");
  await inTransaction(context.db, async (tx) => {
    const link = await lockReceiptLink(tx, linkId);
    if (link?.walletId !== wallet.id) throw new DomainError("not_found");
    if (link.revokedAt === null) await markRevoked(tx, linkId);
  });
}
