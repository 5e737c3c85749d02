import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isWalletNumber } from "@/lib/ids";
import { stripInvisible } from "@/lib/text";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { findVisible } from "./find-visible";
import type { NamedMoneyRequest } from "./schema";
import { deleteBlock, insertBlock } from "./store";

/**
 * The signed-in person no longer sees requests of the one who asked this, and isn't told of new ones. Money still comes and goes
 * between the two. Throws `not_found`, `unauthenticated`.
 */
export async function blockRequester(context: Context, input: NamedMoneyRequest): Promise<void> {
  requirePerson(context);
  const { row, walletId } = await findVisible(context, input);
  if (row.requester.walletId === walletId) throw new DomainError("not_found");
  await inTransaction(context.db, (tx) => insertBlock(tx, walletId, row.requester.walletId));
}

/** Takes {@link blockRequester} back, by the wallet number of the other. Throws `not_found`, `unauthenticated`. */
export async function unblockRequester(context: Context, walletNumber: string): Promise<void> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const number = stripInvisible(walletNumber).replace(/\s/g, "");
  if (!isWalletNumber(number)) throw new DomainError("not_found");
  await inTransaction(context.db, (tx) => deleteBlock(tx, wallet.id, number));
}
