import { type Context, requireUser } from "../context";
import type { OperationDetails } from "../operations/get-operation";
import { walletOfUser } from "../wallets/get-wallet";
import { LISTED_LINKS_MAX } from "./policy";
import { selectLiveLinks } from "./store";
import { type ReceiptLink, toReceiptLink } from "./view";

/** The user's own links to the receipt of an operation that work now, the newest first: never those of the other side. */
export async function listReceiptLinks(
  context: Context,
  operation: Pick<OperationDetails, "id">,
): Promise<ReceiptLink[]> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  const side = { operationId: operation.id, walletId: wallet.id };
  return (await selectLiveLinks(context.db, side, context.now, LISTED_LINKS_MAX)).map(toReceiptLink);
}
