import { readClosedDayRange } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import type { TimeZone } from "@/lib/phone";
import { type Context, requireUser } from "../context";
import { findOwnVault } from "../vaults/find-own-vault";
import { walletOfUser } from "../wallets/get-wallet";
import type { StatementInput } from "./schema";
import type { StatementSubject } from "./statement";

/**
 * Whose statement of what was asked for: the signed-in user's, or of one of their vaults, which no API key may see. Throws
 * `unauthenticated`, `not_found` for a vault that isn't theirs, and `validation_failed` as `readClosedDayRange` says.
 */
export async function findSubject(
  context: Context,
  input: StatementInput,
  zone: TimeZone,
): Promise<StatementSubject> {
  const userId = requireUser(context);
  const read = readClosedDayRange(input, zone, context.now);
  if ("issues" in read) throw new DomainError("validation_failed", { issues: read.issues });
  const { range } = read;
  if (input.vault !== undefined) {
    const { vault } = await findOwnVault(context, input.vault);
    return { userId, walletId: vault.walletId, currency: vault.currency, vaultId: vault.id, range, zone };
  }
  const wallet = await walletOfUser(context.db, userId);
  return { userId, walletId: wallet.id, currency: input.currency, vaultId: null, range, zone };
}
