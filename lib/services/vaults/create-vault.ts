import { createHash } from "node:crypto";
import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { openAccounts } from "@/lib/ledger/accounts";
import type { Currency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { IDEMPOTENCY_KEY } from "../operations/claim-key";
import { lockWallet } from "../wallets/lock-wallet";
import { type CheckedVault, checkVault } from "./check-vault";
import { OPEN_VAULTS_MAX } from "./policy";
import type { CreateVault } from "./schema";
import { answerVaultKey, claimVaultKeyRow, countOpenVaults, findVault, insertVault } from "./store";
import { accountOfVault } from "./vault-accounts";
import { toVaultView, type VaultView } from "./view";

/**
 * Makes a vault and opens its ledger account, in one transaction. A replay of the same key answers the same vault.
 * Throws `validation_failed` (also for one vault too many) and `idempotency_mismatch`.
 */
export async function createVault(context: Context, input: CreateVault): Promise<VaultView> {
  const userId = requirePerson(context);
  const { currency, key } = input;
  if (!IDEMPOTENCY_KEY.test(key)) throw new DomainError("validation_failed");
  const checked = checkVault(input, currency, context.now);
  return await inTransaction(context.db, async (tx) => {
    const claim = { userId, key, inputHash: hashOf(checked, currency) };
    const replayed = await claimVaultKeyRow(tx, claim);
    const wallet = await lockWallet(tx, userId);
    if (replayed) return await replayedVault(tx, wallet.id, claim.inputHash, replayed);
    if ((await countOpenVaults(tx, wallet.id)) >= OPEN_VAULTS_MAX) throw tooMany();
    const vault = await insertVault(tx, { walletId: wallet.id, currency, ...checked });
    await openAccounts(tx, [accountOfVault(vault)]);
    await answerVaultKey(tx, claim, vault.id);
    return toVaultView(vault, money(0n, currency));
  });
}

function hashOf({ name, goalMinor, lockedUntil }: CheckedVault, currency: Currency): Buffer {
  const dated = lockedUntil?.toISOString() ?? "";
  const input = { kind: "vault", name, currency, goal: goalMinor?.toString() ?? "", lockedUntil: dated };
  return createHash("sha256").update(JSON.stringify(input)).digest();
}

async function replayedVault(
  tx: Transaction,
  walletId: bigint,
  inputHash: Buffer,
  replayed: { inputHash: Buffer; answer: string | null },
): Promise<VaultView> {
  if (!replayed.inputHash.equals(inputHash)) throw new DomainError("idempotency_mismatch");
  invariant(replayed.answer !== null, "a vault's key was answered in the transaction that claimed it");
  const { vaultId } = JSON.parse(replayed.answer) as { vaultId: string };
  const vault = await findVault(tx, walletId, BigInt(vaultId));
  invariant(vault, "a vault is never deleted");
  return toVaultView(vault, money(0n, vault.currency));
}

function tooMany(): DomainError {
  const issues = [{ field: "name", reason: "vaults_too_many", values: { max: OPEN_VAULTS_MAX } }];
  return new DomainError("validation_failed", { issues });
}
