import { DomainError } from "@/lib/errors";
import { isWalletNumber } from "@/lib/ids";
import { type Context, requireSystem } from "../context";
import { type Wallet, withBalances } from "./get-wallet";
import { findWalletByNumber } from "./store";

/** Any user's wallet, for the operator's command line. Throws `unauthenticated`, `not_found`. */
export async function getWalletByNumber(context: Context, number: string): Promise<Wallet> {
  requireSystem(context);
  const wallet = isWalletNumber(number) ? await findWalletByNumber(context.db, number) : null;
  if (!wallet) throw new DomainError("not_found");
  return await withBalances(context.db, wallet);
}
