import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import { checkConfirmation } from "../identity/passkeys/check-confirmation";
import type { CheckedTransfer } from "./check-transfer";
import { ownQuote } from "./get-transfer-quote";
import type { ConfirmTransfer } from "./schema";
import { sendTransfer } from "./send-transfer";
import type { TransferQuoteRow } from "./store";

/** Sends what a quote holds, with the quote's id as idempotency key. */
export type SendQuoted = (
  transfer: CheckedTransfer,
  quote: TransferQuoteRow,
) => Promise<{ reference: string }>;

/**
 * Confirms a quote with the person's PIN or passkey and sends the money, with the quote's id as idempotency key. A quote that was
 * confirmed answers its transfer again without a look at either. Throws `not_found` (also for the quote of a request for money,
 * which `payMoneyRequest` confirms), `quote_expired`, what `checkConfirmation` and `sendTransfer` throw.
 */
export async function confirmTransfer(
  context: Context,
  input: ConfirmTransfer,
): Promise<{ reference: string }> {
  return await confirmQuote(context, input, async (transfer, quote) => {
    if (quote.moneyRequestId !== null) throw new DomainError("not_found");
    return await sendTransfer(context, { ...transfer, key: quote.id });
  });
}

/** The rule of every confirmation: the quote is the person's own and still counts, and the person confirmed it; then `send`. */
export async function confirmQuote(
  context: Context,
  { quoteId, ...confirmation }: ConfirmTransfer,
  send: SendQuoted,
): Promise<{ reference: string }> {
  const quote = await ownQuote(context, quoteId);
  if (quote.usedBy !== null) return { reference: quote.usedBy };
  if (quote.expiresAt <= context.now) throw new DomainError("quote_expired");
  await checkConfirmation(context, confirmation, quote.id);
  const { walletNumber, amountMinor, currency, note } = quote;
  const transfer = { walletNumber, amount: money(amountMinor, currency), note };
  const { reference } = await send(transfer, quote);
  return { reference };
}
