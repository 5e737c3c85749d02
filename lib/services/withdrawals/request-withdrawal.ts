import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { draftReserve } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import { parsePhone } from "@/lib/phone";
import { findMethod } from "@/lib/providers/methods";
import { type Context, requireUser } from "../context";
import { claimKey } from "../operations/claim-key";
import { lockOperation } from "../operations/lock-operation";
import { recordOperation } from "../operations/record";
import { type OperationView, toOperationView } from "../operations/view";
import { enqueueJob } from "../outbox/enqueue-job";
import { walletOfUser } from "../wallets/get-wallet";
import type { ConfirmWithdrawal } from "./schema";
import { lockQuote, type QuoteRow, spendQuote } from "./store";

/**
 * Confirms a quote: operation, reserved money and outbox row in one transaction; the worker calls the provider.
 * Confirming twice answers the same operation. Throws `not_found`, `quote_expired`, `method_unavailable`,
 * `insufficient_funds`.
 */
export async function requestWithdrawal(context: Context, input: ConfirmWithdrawal): Promise<OperationView> {
  const userId = requireUser(context);
  return await inTransaction(context.db, async (tx) => {
    const quote = await lockQuote(tx, userId, input.quoteId);
    if (!quote) throw new DomainError("not_found");
    if (quote.operationId !== null) {
      const operation = await lockOperation(tx, quote.operationId);
      invariant(operation, "a used quote has its operation");
      return toOperationView(operation);
    }
    if (quote.expiresAt <= context.now) throw new DomainError("quote_expired");
    return await placeWithdrawal(tx, context, userId, quote);
  });
}

async function placeWithdrawal(
  tx: Transaction,
  context: Context,
  userId: bigint,
  quote: QuoteRow,
): Promise<OperationView> {
  const { currency, method, phone, amountMinor, feeMinor } = quote;
  const provider = providerOf(quote);
  const wallet = await walletOfUser(tx, userId);
  const reference = newReference();
  const input = { kind: "withdrawal", amount: amountMinor.toString(), currency, phone, method };
  await claimKey(tx, { userId, key: quote.id, input, reference });
  await openAccounts(tx, accountsOfProvider(provider, currency));
  const operation = await recordOperation(tx, context.actor, {
    reference,
    type: "withdrawal",
    state: "created",
    walletId: wallet.id,
    currency,
    amountMinor,
    feeMinor,
    provider,
    method,
    phone,
  });
  await postEntry(
    tx,
    draftReserve({
      reference,
      occurredAt: context.now,
      walletId: wallet.id,
      provider,
      amount: money(amountMinor, currency),
      fee: money(feeMinor, currency),
    }),
  );
  await spendQuote(tx, quote.id, operation.id);
  await enqueueJob(tx, "submit_withdrawal", { operationId: operation.id.toString() });
  return toOperationView(operation);
}

/** Who pays it out. The method may have been switched off since the quote was made. */
function providerOf(quote: QuoteRow): string {
  const phone = parsePhone(quote.phone);
  invariant("e164" in phone, "a quote holds a checked number");
  const { country } = phone;
  const offer = findMethod({ direction: "out", country, currency: quote.currency, method: quote.method });
  if (!offer) throw new DomainError("method_unavailable");
  return offer.provider;
}
