import { createHash } from "node:crypto";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { openAccounts } from "@/lib/ledger/accounts";
import type { Currency } from "@/lib/money/currency";
import { type Context, requirePerson } from "../context";
import { IDEMPOTENCY_KEY } from "../operations/claim-key";
import { lockWallet } from "../wallets/lock-wallet";
import { accountOfVault } from "./account-of-vault";
import { type CheckedVault, checkVault } from "./check-vault";
import { OPEN_VAULTS_MAX } from "./policy";
import type { CreateVault } from "./schema";
import { answerVaultKey, claimVaultKeyRow, countOpenVaults, insertVault } from "./store";

export interface CreatedVault {
  vaultId: bigint;
  /** True when the key had made it before. */
  replayed: boolean;
}

/**
 * Makes a vault and opens its ledger account, in one transaction. A replay of the same key answers the same vault.
 * Throws `validation_failed` (also for one vault too many) and `idempotency_mismatch`.
 */
export async function createVault(context: Context, input: CreateVault): Promise<CreatedVault> {
  const userId = requirePerson(context);
  const { currency, key } = input;
  if (!IDEMPOTENCY_KEY.test(key)) throw new DomainError("validation_failed");
  const checked = checkVault(input, currency, context.now);
  return await inTransaction(context.db, async (tx) => {
    const claim = { userId, key, inputHash: hashOf(checked, currency) };
    const earlier = await claimVaultKeyRow(tx, claim);
    if (earlier) return replayOf(earlier, claim.inputHash);
    const wallet = await lockWallet(tx, userId);
    if ((await countOpenVaults(tx, wallet.id)) >= OPEN_VAULTS_MAX) throw tooMany();
    const vault = await insertVault(tx, { walletId: wallet.id, currency, ...checked });
    await openAccounts(tx, [accountOfVault(vault)]);
    await answerVaultKey(tx, claim, vault.id);
    return { vaultId: vault.id, replayed: false };
  });
}

function hashOf({ name, goalMinor, lockedUntil }: CheckedVault, currency: Currency): Buffer {
  const dated = lockedUntil?.toISOString() ?? "";
  const input = { kind: "vault", name, currency, goal: goalMinor?.toString() ?? "", lockedUntil: dated };
  return createHash("sha256").update(JSON.stringify(input)).digest();
}

function replayOf(earlier: { inputHash: Buffer; answer: string | null }, inputHash: Buffer): CreatedVault {
  if (!earlier.inputHash.equals(inputHash)) throw new DomainError("idempotency_mismatch");
  invariant(earlier.answer !== null, "a vault's key is answered in the transaction that claims it");
  const { vaultId } = JSON.parse(earlier.answer) as { vaultId: string };
  return { vaultId: BigInt(vaultId), replayed: true };
}

function tooMany(): DomainError {
  const issues = [{ field: "name", reason: "vaults_too_many", values: { max: OPEN_VAULTS_MAX } }];
  return new DomainError("validation_failed", { issues });
}
