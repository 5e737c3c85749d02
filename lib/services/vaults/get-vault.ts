import { getBalances } from "@/lib/ledger/balances";
import { listStatement } from "@/lib/ledger/statement";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../context";
import { accountOfVault } from "./account-of-vault";
import { findOwnVault } from "./find-own-vault";
import { type GetVault, getVaultSchema } from "./schema";
import { toVaultView, type VaultView } from "./view";

/** What came into a vault, or left it. */
export interface VaultPosting {
  /** The operation's. */
  reference: string;
  direction: "in" | "out";
  amount: Money;
  balanceAfter: Money;
  at: Date;
}

export interface VaultDetails extends VaultView {
  /** Newest first. */
  postings: VaultPosting[];
  /** Hand it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/**
 * A vault of the signed-in person with a page of its history, closed ones too. Throws `not_found` for what doesn't
 * exist and for what is somebody else's.
 */
export async function getVault(context: Context, input: GetVault): Promise<VaultDetails> {
  const { vaultId, cursor, limit } = getVaultSchema.parse(input);
  const { vault } = await findOwnVault(context, vaultId);
  const { currency } = vault;
  const account = accountOfVault(vault);
  const before = cursor ? BigInt(cursor) : null;
  const [[balance], page] = await Promise.all([
    getBalances(context.db, [account]),
    listStatement(context.db, account, { before, limit }),
  ]);
  return {
    ...toVaultView(vault, balance ?? money(0n, currency)),
    postings: page.rows.map(({ source, signedAmount, balanceAfter, recordedAt }) => ({
      reference: source,
      direction: signedAmount > 0n ? "in" : "out",
      amount: money(signedAmount > 0n ? signedAmount : -signedAmount, currency),
      balanceAfter: money(balanceAfter, currency),
      at: recordedAt,
    })),
    nextCursor: page.next?.toString() ?? null,
  };
}
