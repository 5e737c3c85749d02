import { setTimeout as sleep } from "node:timers/promises";
import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { log } from "@/lib/log";
import type { Money } from "@/lib/money/money";
import { isConclusiveRefusal, ProviderError } from "@/lib/providers/provider";
import type { Context } from "../context";
import type { KeyedInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { callbackUrlOf } from "../operations/callback-url";
import {
  lockOperation,
  type OperationRow,
  providerOf,
  recordProviderReference,
} from "../operations/operation";
import { reasonOf } from "../operations/reasons";
import { moveOperation, recordOperation } from "../operations/record";
import { walletOfUser } from "../wallets/get-wallet";
import { claimDeposit } from "./claim-deposit";
import { DEPOSIT_LIFETIME_MS } from "./policy";

/** A checked deposit. */
export interface DepositOrder {
  amount: Money;
  provider: string;
  /** Null: the payer chooses on the payment page. */
  method: string | null;
  /** E.164; null where the provider doesn't ask for one. */
  phone: string | null;
  /** Null where the provider doesn't ask for it: it gets no more personal data than it needs. */
  email: string | null;
  /** Where the browser goes after the payment page; our own page when null. */
  returnUrl: string | null;
}

/** Where the provider sends the browser when the order has no return URL, and the language of its payment page. */
export interface PaymentLinks {
  returnUrl: (reference: string) => string;
  locale: "fr" | "en";
  /** Answer after this long without a payment page, while the one call to the provider goes on; wait for it when absent. */
  answerWithinMs?: number;
}

export interface PlacedDeposit {
  operation: OperationRow;
  /** True when the key was used for this operation before. */
  replayed: boolean;
}

interface Placement {
  userId: bigint;
  key: string;
  /** What the key is hashed with. */
  input: KeyedInput;
  order: DepositOrder;
}

/**
 * Shared by pages and API: commits the pending operation, requests a payment page from the provider, stores its URL. A
 * replay of the same key answers the same operation, unless that one failed because the provider couldn't be reached.
 * Without a certain answer the operation stays pending without a payment page. Throws `validation_failed` for a malformed
 * key, `idempotency_mismatch`, and `provider_declined`, `invalid_destination` or `provider_unavailable` for a provider that
 * refuses at once: the operation is failed and nothing credited.
 */
export async function placeDeposit(
  context: Context,
  placement: Placement,
  links: PaymentLinks,
): Promise<PlacedDeposit> {
  requireIdempotencyKey(placement.key);
  const placed = await inTransaction(context.db, (tx) => recordDeposit(tx, context, placement));
  if (placed.replayed) return placed;
  const requested = requestPaymentPage(context, placed.operation, placement, links);
  try {
    const operation = await withinTime(requested, links.answerWithinMs);
    return { operation: operation ?? placed.operation, replayed: false };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    // The deposit is committed, and the provider may have it: an error here would read as if nothing had been done.
    log.error({ reference: placed.operation.reference, err: error }, "deposit left without a payment page");
    return placed;
  }
}

/**
 * Null once the time is over. The request isn't given up: its answer is recorded whenever it comes, and the waiting page
 * shows it.
 */
async function withinTime(
  requested: Promise<OperationRow>,
  withinMs: number | undefined,
): Promise<OperationRow | null> {
  if (withinMs === undefined) return await requested;
  const timer = new AbortController();
  const late = sleep(withinMs, null, { signal: timer.signal }).catch(() => null);
  try {
    const first = await Promise.race([requested, late]);
    if (first === null) requested.catch(logLateFailure);
    return first;
  } finally {
    timer.abort();
  }
}

/** A refusal is recorded already; anything else leaves the deposit pending, until its webhook or its expiry. */
function logLateFailure(error: unknown): void {
  if (!(error instanceof DomainError)) log.error({ err: error }, "deposit left without a payment page");
}

async function recordDeposit(
  tx: Transaction,
  context: Context,
  { userId, key, input, order }: Placement,
): Promise<PlacedDeposit> {
  const { amount, provider, method, phone, returnUrl } = order;
  const reference = newReference();
  const replayed = await claimDeposit(tx, { userId, key, input, reference });
  if (replayed) return { operation: replayed, replayed: true };
  const wallet = await walletOfUser(tx, userId);
  await openAccounts(tx, accountsOfProvider(provider, amount.currency));
  const operation = await recordOperation(tx, context.actor, {
    reference,
    type: "deposit",
    state: "pending",
    walletId: wallet.id,
    currency: amount.currency,
    amountMinor: amount.amountMinor,
    provider,
    method,
    phone,
    returnUrl,
    expiresAt: new Date(context.now.getTime() + DEPOSIT_LIFETIME_MS),
  });
  return { operation, replayed: false };
}

/** What the idempotency key of a page is hashed with: the checked order. */
export function inputOf({ amount, phone, method, returnUrl }: DepositOrder): KeyedInput {
  const fields = [amount.amountMinor.toString(), amount.currency, phone, method, returnUrl];
  return { verb: "deposit", fields };
}

async function requestPaymentPage(
  context: Context,
  operation: OperationRow,
  { userId, order }: Placement,
  links: PaymentLinks,
): Promise<OperationRow> {
  const provider = providerOf(operation);
  const { reference } = operation;
  try {
    const created = await provider.createCollection({
      reference,
      amount: order.amount,
      phone: order.phone ?? "",
      method: order.method ?? "",
      ...(order.email === null ? {} : { email: order.email }),
      userId: userId.toString(),
      returnUrl: order.returnUrl ?? links.returnUrl(reference),
      callbackUrl: callbackUrlOf(provider.name),
      locale: links.locale,
    });
    return await inTransaction(context.db, async (tx) => {
      const locked = (await lockOperation(tx, operation.id)) ?? operation;
      // The webhook may have been faster and have bound the provider's reference already.
      const { providerReference, paymentUrl } = created;
      if (locked.providerReference !== null && locked.providerReference !== providerReference) return locked;
      return await recordProviderReference(tx, locked, { providerReference, paymentUrl });
    });
  } catch (error) {
    return await recordFailure(context, operation, error);
  }
}

/** A certain refusal fails the operation; after anything else it stays pending, until its webhook or its expiry. */
async function recordFailure(
  context: Context,
  operation: OperationRow,
  error: unknown,
): Promise<OperationRow> {
  if (!(error instanceof ProviderError)) throw error;
  const { reference } = operation;
  log.warn(
    { reference, requestId: context.requestId, kind: error.kind, code: error.providerCode },
    "collection call failed",
  );
  const certain = isConclusiveRefusal(error) || error.kind === "unavailable" || error.kind === "rate_limited";
  await inTransaction(context.db, async (tx) => {
    const locked = await lockOperation(tx, operation.id);
    if (locked?.state !== "pending") return;
    if (certain)
      await moveOperation(tx, { kind: "system" }, locked, { to: "failed", reason: reasonOf(error) });
  });
  if (certain) throw refusalOf(operation, reasonOf(error));
  return operation;
}

/** The error for a refused deposit; a replay gets the same one. */
export function refusalOf({ reference, phone }: OperationRow, reason: string | null): DomainError {
  if (reason === "provider_unavailable") return new DomainError("provider_unavailable", { reference });
  if (reason !== "invalid_destination" || phone === null) {
    return new DomainError("provider_declined", { reference });
  }
  const issues = [{ field: "phone", reason: "phone_refused" }];
  return new DomainError("invalid_destination", { reference, issues });
}
