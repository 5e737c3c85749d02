import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { openAccounts } from "@/lib/ledger/accounts";
import type { Currency } from "@/lib/money/currency";
import { type Context, requirePerson } from "../context";
import { claimKeyForAnswer, storeAnswer } from "../idempotency/claim";
import type { KeyedInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { lockWallet } from "../wallets/get-wallet";
import { accountOfVault } from "./account-of-vault";
import { type CheckedVault, checkVault } from "./check-vault";
import { OPEN_VAULTS_MAX } from "./policy";
import type { CreateVault } from "./schema";
import { countOpenVaults, insertVault } from "./store";
import { scheduleUnlockNotice } from "./unlock-notice";

export interface CreatedVault {
  vaultId: bigint;
  /** True when the key had made it before. */
  replayed: boolean;
}

interface CreateOptions {
  /** True for a form whose lock is reviewed on a page of its own: the date is checked, and the vault not locked yet. */
  locksLater?: boolean;
}

/**
 * Makes a vault and opens its ledger account, in one transaction. A replay of the same key answers the same vault.
 * Throws `validation_failed` (also for one vault too many) and `idempotency_mismatch`.
 */
export async function createVault(
  context: Context,
  input: CreateVault,
  { locksLater = false }: CreateOptions = {},
): Promise<CreatedVault> {
  const userId = requirePerson(context);
  const { currency, key } = input;
  requireIdempotencyKey(key);
  const checked = checkVault(input, currency, context.now);
  return await inTransaction(context.db, async (tx) => {
    const claim = { userId, key, input: inputOf(checked, currency) };
    const earlier = await claimKeyForAnswer(tx, claim);
    if (earlier !== null) return replayOf(earlier);
    const wallet = await lockWallet(tx, userId);
    if ((await countOpenVaults(tx, wallet.id)) >= OPEN_VAULTS_MAX) throw tooMany();
    const lockedUntil = locksLater ? null : checked.lockedUntil;
    const vault = await insertVault(tx, { walletId: wallet.id, currency, ...checked, lockedUntil });
    await openAccounts(tx, [accountOfVault(vault)]);
    await scheduleUnlockNotice(tx, userId, vault);
    await storeAnswer(tx, claim, JSON.stringify({ vaultId: vault.id.toString() }));
    return { vaultId: vault.id, replayed: false };
  });
}

function inputOf({ name, goalMinor, lockedUntil }: CheckedVault, currency: Currency): KeyedInput {
  const fields = [name, currency, goalMinor?.toString() ?? null, lockedUntil?.toISOString() ?? null];
  return { verb: "create_vault", fields };
}

function replayOf(answer: string): CreatedVault {
  const { vaultId } = JSON.parse(answer) as { vaultId: string };
  return { vaultId: BigInt(vaultId), replayed: true };
}

function tooMany(): DomainError {
  const issues = [{ field: "name", reason: "vaults_too_many", values: { max: OPEN_VAULTS_MAX } }];
  return new DomainError("validation_failed", { issues });
}
