import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { draftVaultDeposit, draftVaultWithdrawal } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import type { Money } from "@/lib/money/money";
import type { Context } from "../context";
import type { KeyedInput } from "../idempotency/input-hash";
import type { OperationRow } from "../operations/operation";
import { recordOperation } from "../operations/record";
import { type OperationView, toOperationView } from "../operations/view";
import { repayOwed } from "../wallets/repay-owed";
import { accountOfVault } from "./account-of-vault";
import type { VaultRow } from "./store";

/** The result of a deposit into a vault or a withdrawal from it. */
export interface VaultReceipt {
  operation: OperationView;
  /** True when the key had done it before. */
  replayed: boolean;
}

interface VaultOrder {
  type: "vault_deposit" | "vault_withdrawal";
  reference: string;
  amount: Money;
}

/** What the idempotency key of a vault operation is hashed with. */
export function inputOf(verb: VaultOrder["type"], vault: VaultRow, amount: Money): KeyedInput {
  return { verb, fields: [vault.id.toString(), amount.amountMinor.toString(), amount.currency] };
}

const DRAFT = { vault_deposit: draftVaultDeposit, vault_withdrawal: draftVaultWithdrawal } as const;

/**
 * Records the operation and posts its entry, in the transaction that holds the vault's row lock.
 * Throws `insufficient_funds` about the field `amount`.
 */
export async function postVaultOperation(
  tx: Transaction,
  context: Context,
  vault: VaultRow,
  order: VaultOrder,
): Promise<VaultReceipt> {
  const { type, reference, amount } = order;
  const { walletId, id: vaultId } = vault;
  const operation = await recordOperation(tx, context.actor, {
    reference,
    type,
    state: "succeeded",
    walletId,
    vaultId,
    currency: amount.currency,
    amountMinor: amount.amountMinor,
  });
  try {
    await postEntry(tx, DRAFT[type]({ reference, occurredAt: context.now, walletId, vaultId, amount }));
  } catch (error) {
    const isShort = error instanceof DomainError && error.code === "insufficient_funds";
    throw isShort ? await shortage(tx, vault, type) : error;
  }
  const { currency } = amount;
  if (type === "vault_withdrawal") await repayOwed(tx, { walletId, currency, occurredAt: context.now });
  return toVaultReceipt(operation, vault, false);
}

export function toVaultReceipt(operation: OperationRow, vault: VaultRow, replayed: boolean): VaultReceipt {
  const parties = { wallets: new Map(), vaults: new Map([[vault.id, vault.name]]) };
  return { operation: toOperationView(operation, parties), replayed };
}

/** The error for the account without enough money: the wallet's available balance, or the vault. */
async function shortage(tx: Transaction, vault: VaultRow, type: VaultOrder["type"]): Promise<DomainError> {
  if (type === "vault_deposit") {
    const issues = [{ field: "amount", reason: "insufficient_funds" }];
    return new DomainError("insufficient_funds", { issues });
  }
  const [balance] = await getBalances(tx, [accountOfVault(vault)]);
  const issues = [{ field: "amount", reason: "vault_too_little", values: balance ? { balance } : {} }];
  return new DomainError("insufficient_funds", { issues });
}
