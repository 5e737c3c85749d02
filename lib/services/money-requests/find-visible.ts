import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { hashOfToken, isLinkToken } from "@/lib/link-token";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import type { NamedMoneyRequest } from "./schema";
import { findMoneyRequest, type MoneyRequestRow } from "./store";

export interface VisibleRequest {
  row: MoneyRequestRow;
  /** The wallet of the person who looks. */
  walletId: bigint;
}

/**
 * A request that the user may see: who asks, who is asked by name, and, where nobody is, who has the link. Throws
 * `not_found` for any other, `unauthenticated`.
 */
export async function findVisible(
  context: Context,
  { requestId, token }: NamedMoneyRequest,
): Promise<VisibleRequest> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  const row = isUuid(requestId) ? await findMoneyRequest(context.db, requestId) : null;
  if (!row || !maySee(row, wallet.id, token)) throw new DomainError("not_found");
  return { row, walletId: wallet.id };
}

/** Also for who has paid it, by the link. */
export function maySee(
  { requester, payer, paidByWalletId, tokenHash }: MoneyRequestRow,
  walletId: bigint,
  token: string,
): boolean {
  if (requester.walletId === walletId || paidByWalletId === walletId) return true;
  if (payer !== null) return payer.walletId === walletId;
  return isLinkToken(token) && hashOfToken(token).equals(tokenHash);
}
