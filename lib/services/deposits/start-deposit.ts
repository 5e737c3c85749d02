import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { log } from "@/lib/log";
import type { PhoneCountry } from "@/lib/phone";
import { isConclusiveNo, ProviderError } from "@/lib/providers/provider";
import { getProvider } from "@/lib/providers/registry";
import { type Context, requireUser } from "../context";
import { type CheckedOrder, checkOrder } from "../operations/check-order";
import { claimKey, IDEMPOTENCY_KEY } from "../operations/claim-key";
import { lockOperation, noteProviderReference } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { reasonOf } from "../operations/reasons";
import { moveOperation, recordOperation } from "../operations/record";
import { type OperationView, toOperationView } from "../operations/view";
import { walletOfUser } from "../wallets/get-wallet";
import { callbackUrlOf } from "../webhooks/callback-url";
import { DEPOSIT_LIFETIME_MS } from "./policy";
import type { StartDeposit } from "./schema";

/** Where the provider sends the browser, and how it speaks to it. */
export interface DepositLinks {
  returnUrl: (reference: string) => string;
  locale: "fr" | "en";
  /** The country of a phone number that was typed without one. */
  defaultCountry: PhoneCountry;
}

/**
 * Starts a top-up: commits the pending operation, asks the provider for a payment page, stores where it is. A replay
 * of the same key answers the same operation. Throws `validation_failed`, `idempotency_mismatch`; a provider that
 * refuses at once ends in `provider_declined` or `invalid_destination`, with the operation failed and nothing credited.
 */
export async function startDeposit(
  context: Context,
  input: StartDeposit,
  links: DepositLinks,
): Promise<OperationView> {
  const userId = requireUser(context);
  if (!IDEMPOTENCY_KEY.test(input.key)) throw new DomainError("validation_failed");
  const order = checkOrder(input, "in", links.defaultCountry);
  const { operation, replayed } = await recordDeposit(context, userId, input.key, order);
  if (replayed) return toOperationView(operation);
  return toOperationView(await askForPaymentPage(context, operation, userId, links));
}

async function recordDeposit(
  context: Context,
  userId: bigint,
  key: string,
  order: CheckedOrder,
): Promise<{ operation: OperationRow; replayed: boolean }> {
  const { amount, phone, offer } = order;
  const reference = newReference();
  return await inTransaction(context.db, async (tx) => {
    const fields = [amount.amountMinor.toString(), amount.currency, phone, offer.method] as const;
    const input = { kind: "deposit", amount: fields[0], currency: fields[1], phone, method: fields[3] };
    const replayed = await claimKey(tx, { userId, key, input, reference });
    if (replayed) return { operation: replayed, replayed: true };
    const wallet = await walletOfUser(tx, userId);
    await openAccounts(tx, accountsOfProvider(offer.provider, amount.currency));
    const operation = await recordOperation(tx, context.actor, {
      reference,
      type: "deposit",
      state: "pending",
      walletId: wallet.id,
      currency: amount.currency,
      amountMinor: amount.amountMinor,
      provider: offer.provider,
      method: offer.method,
      phone,
      expiresAt: new Date(context.now.getTime() + DEPOSIT_LIFETIME_MS),
    });
    return { operation, replayed: false };
  });
}

async function askForPaymentPage(
  context: Context,
  operation: OperationRow,
  userId: bigint,
  links: DepositLinks,
): Promise<OperationRow> {
  const provider = getProvider(operation.provider);
  try {
    const created = await provider.createCollection({
      reference: operation.reference,
      amount: { amountMinor: operation.amountMinor, currency: operation.currency },
      phone: operation.phone,
      method: operation.method,
      userId: userId.toString(),
      returnUrl: links.returnUrl(operation.reference),
      callbackUrl: callbackUrlOf(provider.name),
      locale: links.locale,
    });
    return await inTransaction(context.db, async (tx) => {
      const locked = (await lockOperation(tx, operation.id)) ?? operation;
      // The webhook may have been faster and have named the provider's reference already.
      const { providerReference, paymentUrl } = created;
      if (locked.providerReference !== null && locked.providerReference !== providerReference) return locked;
      return await noteProviderReference(tx, locked, { providerReference, paymentUrl });
    });
  } catch (error) {
    return await recordFailure(context, operation, error);
  }
}

/** A certain no fails the operation; anything else leaves it pending, for the webhook or the expiry to resolve. */
async function recordFailure(
  context: Context,
  operation: OperationRow,
  error: unknown,
): Promise<OperationRow> {
  if (!(error instanceof ProviderError)) throw error;
  const { reference } = operation;
  log.warn(
    { reference, requestId: context.requestId, kind: error.kind, code: error.providerCode },
    "collection",
  );
  const certain = isConclusiveNo(error) || error.kind === "unavailable" || error.kind === "rate_limited";
  await inTransaction(context.db, async (tx) => {
    const locked = await lockOperation(tx, operation.id);
    if (locked?.state !== "pending") return;
    if (certain)
      await moveOperation(tx, { kind: "system" }, locked, { to: "failed", reason: reasonOf(error) });
  });
  if (error.kind === "invalid_destination") {
    const issues = [{ field: "phone", reason: "phone_refused" }];
    throw new DomainError("invalid_destination", { reference, issues });
  }
  if (error.kind === "declined") throw new DomainError("provider_declined", { reference });
  if (certain) throw new DomainError("provider_unavailable", { reference });
  return operation;
}
