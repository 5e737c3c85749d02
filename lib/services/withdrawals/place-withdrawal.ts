import type { Reader, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { draftReserve } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { add, compare } from "@/lib/money/arithmetic";
import type { Money } from "@/lib/money/money";
import type { TypedAccount } from "../banks/check-account";
import type { NamedAccount } from "../banks/directory";
import type { Context } from "../context";
import type { KeyedInput } from "../idempotency/input-hash";
import type { OperationRow } from "../operations/operation";
import { recordOperation } from "../operations/record";
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
 * Refuses early what the reservation would refuse: throws `insufficient_funds` when amount and fee exceed the available
 * balance. It reserves nothing.
 */
export async function requireAvailable(
  reader: Reader,
  walletId: bigint,
  { amount, fee }: { amount: Money; fee: Money },
): Promise<void> {
  const [available] = await getBalances(reader, [chart.available(walletId, amount.currency)]);
  if (available && compare(available, add(amount, fee)) >= 0) return;
  throw new DomainError("insufficient_funds", {
    issues: [{ field: "amount", reason: "insufficient_funds", values: available ? { available } : {} }],
  });
}

/**
 * Records the operation, reserves the money and writes the outbox row, in the caller's transaction, which has claimed an
 * idempotency key for `reference`. The worker calls the provider. Throws `insufficient_funds`.
 */
export async function placeWithdrawal(
  tx: Transaction,
  context: Context,
  placement: { walletId: bigint; reference: string; order: WithdrawalOrder },
): Promise<OperationRow> {
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
