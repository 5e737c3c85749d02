import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import { hashOfToken, linkToken } from "@/lib/link-token";
import { type Context, requirePerson } from "../context";
import { getOperation } from "../operations/get-operation";
import { consume } from "../rate-limits/consume";
import { lockWallet } from "../wallets/get-wallet";
import { LINK_LEFT_MIN_MS, LINK_LIFETIME_MS, LISTED_LINKS_MAX } from "./policy";
import { insertReceiptLink, selectLiveLinks } from "./store";
import { type ReceiptLink, toReceiptLink } from "./view";

/**
 * A link to the receipt of one of the person's operations: one that works for a while yet, else a new one, so that a double tap or a
 * second device makes no other. Throws `not_found` (also for what is somebody else's), `rate_limited`, `unauthenticated` for
 * API keys.
 */
export async function createReceiptLink(context: Context, reference: string): Promise<ReceiptLink> {
  const userId = requirePerson(context);
  const operation = await getOperation(context, reference);
  await consume(context.db, "receipt_link_day", [userId.toString()]);
  return await inTransaction(context.db, async (tx) => {
    const wallet = await lockWallet(tx, userId);
    const side = { operationId: operation.id, walletId: wallet.id };
    const lasting = new Date(context.now.getTime() + LINK_LEFT_MIN_MS);
    const links = (await selectLiveLinks(tx, side, lasting, LISTED_LINKS_MAX)).map(toReceiptLink);
    const shown = links.find(({ token }) => token !== null);
    if (shown) return shown;
    const id = newKey();
    const expiresAt = new Date(context.now.getTime() + LINK_LIFETIME_MS);
    const tokenHash = hashOfToken(linkToken("receipt", id));
    return toReceiptLink(await insertReceiptLink(tx, { id, tokenHash, ...side, expiresAt }));
  });
}
