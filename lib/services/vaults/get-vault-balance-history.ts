import type { Period } from "../balance-history/periods";
import { type BalanceHistory, readBalanceHistory } from "../balance-history/read-balance-history";
import type { Context } from "../context";
import { accountOfVault } from "./account-of-vault";
import { findOwnVault } from "./find-own-vault";

/**
 * What was in a vault of the signed-in person over a period, in the days of `zone`. Throws `unauthenticated`, and `not_found`
 * for what doesn't exist and for what is somebody else's.
 */
export async function getVaultBalanceHistory(
  context: Context,
  input: { vaultId: string; period: Period; zone: string },
): Promise<BalanceHistory> {
  const { vault } = await findOwnVault(context, input.vaultId);
  return await readBalanceHistory(context, accountOfVault(vault), input);
}
