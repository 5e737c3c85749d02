import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import { checkPin } from "../identity/pin/check-pin";
import { ownQuote } from "./get-transfer-quote";
import type { ConfirmTransfer } from "./schema";
import { sendTransfer } from "./send-transfer";

/**
 * Confirms a quote with the person's PIN and sends the money, with the quote's id as idempotency key. A quote that was
 * confirmed answers its transfer again without a look at the PIN. Throws `not_found`, `quote_expired`, what `checkPin`
 * and `sendTransfer` throw.
 */
export async function confirmTransfer(
  context: Context,
  { quoteId, pin }: ConfirmTransfer,
): Promise<{ reference: string }> {
  const quote = await ownQuote(context, quoteId);
  if (quote.usedBy !== null) return { reference: quote.usedBy };
  if (quote.expiresAt <= context.now) throw new DomainError("quote_expired");
  await checkPin(context, pin);
  const { walletNumber, amountMinor, currency, note } = quote;
  const amount = money(amountMinor, currency);
  const { reference } = await sendTransfer(context, { walletNumber, amount, note, key: quote.id });
  return { reference };
}
