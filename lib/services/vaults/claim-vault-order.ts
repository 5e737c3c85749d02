import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Money } from "@/lib/money/money";
import { claimKey, IDEMPOTENCY_KEY } from "../operations/claim-key";
import type { OperationRow } from "../operations/operation";
import type { OwnVault } from "./find-own-vault";

interface VaultClaim {
  kind: "vault_deposit" | "vault_withdrawal";
  key: string;
  reference: string;
  amount: Money;
}

/** The operation that the key stands for already, or null when it is ours. Throws as {@link claimKey} does. */
export async function claimVaultOrder(
  tx: Transaction,
  { userId, vault }: OwnVault,
  { kind, key, reference, amount }: VaultClaim,
): Promise<OperationRow | null> {
  if (!IDEMPOTENCY_KEY.test(key)) throw new DomainError("validation_failed");
  const { amountMinor, currency } = amount;
  const input = { kind, vault: vault.id.toString(), amount: amountMinor.toString(), currency };
  return await claimKey(tx, { userId, key, input, reference });
}
