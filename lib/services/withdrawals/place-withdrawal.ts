import type { Transaction } from "@/db/client";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { draftReserve } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";

import type { Money } from "@/lib/money/money";
import type { TypedAccount } from "../banks/check-account";
import type { NamedAccount } from "../banks/directory";
import type { Context } from "../context";
import type { KeyedInput } from "../idempotency/input-hash";
import { claimWithinLimit } from "../money-out-limits/require-within-limit";
import type { OperationRow } from "../operations/operation";
import { recordOperation } from "../operations/record";
import { requireNotFrozen } from "../wallets/require-not-frozen";
import { enqueueSubmission } from "./enqueue-submission";

/** A checked withdrawal: to a phone's mobile money wallet, or to a bank account. */
export interface WithdrawalOrder {
  amount: Money;
  fee: Money;
  provider: string;
  method: string;
  /** E.164; null when it goes to a bank account. */
  phone: string | null;
  bank: NamedAccount | null;
}

/** What the idempotency key of a page is hashed with: the checked order. */
export function inputOf(order: {
  amount: Money;
  phone: string | null;
  method: string;
  bank: TypedAccount | null;
}): KeyedInput {
  const { amount, phone, method, bank } = order;
  const account = bank && [bank.bankCode, bank.accountNumber];
  return {
    verb: "withdrawal",
    fields: [amount.amountMinor.toString(), amount.currency, phone, method, account],
  };
}

/**
 * Records the operation, reserves the money and writes the outbox row, in the caller's transaction, which has claimed an
 * idempotency key for `reference`. The worker calls the provider. Throws `insufficient_funds`,
 * `wallet_frozen`, `money_out_limited`.
 */
export async function placeWithdrawal(
  tx: Transaction,
  context: Context,
  placement: { walletId: bigint; reference: string; order: WithdrawalOrder },
): Promise<OperationRow> {
  // Before any other lock but the key's, as transfers do.
  await claimWithinLimit(tx, context, placement.order.amount);
  await requireNotFrozen(tx, placement.walletId);
  const { walletId, reference, order } = placement;
  const { amount, fee, provider, method, phone, bank } = order;
  await openAccounts(tx, accountsOfProvider(provider, amount.currency));
  const operation = await recordOperation(tx, context.actor, {
    reference,
    type: "withdrawal",
    state: "created",
    walletId,
    currency: amount.currency,
    amountMinor: amount.amountMinor,
    feeMinor: fee.amountMinor,
    provider,
    method,
    phone,
    ...bank,
  });
  const event = { reference, occurredAt: context.now, walletId, provider, amount, fee };
  await postEntry(tx, draftReserve(event));
  await enqueueSubmission(tx, operation.id);
  return operation;
}
