import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { parsePhone } from "@/lib/phone";
import { findMethod, listMethods } from "@/lib/providers/methods";
import { type Context, requirePerson } from "../context";
import { claimKey } from "../idempotency/claim";
import { checkConfirmation } from "../identity/passkeys/check-confirmation";
import { lockOperation } from "../operations/operation";
import { type OperationView, toOperationView } from "../operations/view";
import { walletOfUser } from "../wallets/get-wallet";
import { inputOf, placeWithdrawal } from "./place-withdrawal";
import type { ConfirmWithdrawal } from "./schema";
import { findQuote, lockQuote, type QuoteRow, spendQuote } from "./store";
import { bankOf } from "./view";

/**
 * Confirms a quote with the person's PIN or passkey: operation, reserved money and outbox row in one transaction; the worker calls
 * the provider. A quote that was confirmed answers its operation again without a look at either. Throws `not_found`,
 * `quote_expired`, what {@link checkConfirmation} throws, `method_unavailable`, `insufficient_funds`, `money_out_limited`; `unauthenticated` for API
 * keys, which withdraw without a quote.
 */
export async function requestWithdrawal(context: Context, input: ConfirmWithdrawal): Promise<OperationView> {
  const userId = requirePerson(context);
  const { quoteId, ...confirmation } = input;
  const shown = await findQuote(context.db, userId, quoteId);
  if (shown?.type !== "withdrawal") throw new DomainError("not_found");
  if (shown.operationId === null) {
    if (shown.expiresAt <= context.now) throw new DomainError("quote_expired");
    await checkConfirmation(context, confirmation, quoteId);
  }
  return await inTransaction(context.db, async (tx) => {
    const quote = await lockQuote(tx, userId, quoteId);
    invariant(quote, "a quote is never deleted");
    if (quote.operationId === null) return await confirm(tx, context, quote);
    const operation = await lockOperation(tx, quote.operationId);
    invariant(operation, "a used quote has its operation");
    return toOperationView(operation);
  });
}

async function confirm(tx: Transaction, context: Context, quote: QuoteRow): Promise<OperationView> {
  const { currency, method, phone, userId } = quote;
  invariant(method !== null, "a withdrawal's quote has its method");
  const order = {
    amount: money(quote.amountMinor, currency),
    fee: money(quote.feeMinor, currency),
    provider: providerOf(quote),
    method,
    phone,
    bank: bankOf(quote),
  };
  const wallet = await walletOfUser(tx, userId);
  const reference = newReference();
  await claimKey(tx, { userId, key: quote.id, input: inputOf(order), reference });
  const operation = await placeWithdrawal(tx, context, { walletId: wallet.id, reference, order });
  await spendQuote(tx, quote.id, operation.id);
  return toOperationView(operation);
}

/** Who pays it out. The method may have been switched off since the quote was made. */
function providerOf(quote: QuoteRow): string {
  const { currency, method } = quote;
  const offer =
    quote.phone === null
      ? listMethods({ direction: "out", currency }).find(
          (listed) => listed.asks === "bank_account" && listed.method === method,
        )
      : findMethod({ direction: "out", country: countryOf(quote.phone), currency, method: method ?? "" });
  if (!offer) throw new DomainError("method_unavailable");
  return offer.provider;
}

function countryOf(e164: string) {
  const phone = parsePhone(e164);
  invariant("e164" in phone, "a quote holds a checked number");
  return phone.country;
}
