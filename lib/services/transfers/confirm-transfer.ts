import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import { checkPin } from "../pins/check-pin";
import { ownQuote } from "./get-transfer-quote";
import type { ConfirmTransfer } from "./schema";
import { sendTransfer } from "./send-transfer";
import type { TransferQuoteRow } from "./store";

interface Confirmed {
  reference: string;
}

/** Confirmations on their way in this process, by quote and PIN. */
const inFlight = new Map<string, Promise<Confirmed>>();

/**
 * Confirms a quote with the person's PIN and sends the money, with the quote's id as idempotency key. A quote that was
 * confirmed answers its transfer without asking for the PIN again, and a double tap is one try: else the second one
 * could lock the PIN that the first was right with. Throws `not_found`, `quote_expired`, what `checkPin` and
 * `sendTransfer` throw.
 */
export async function confirmTransfer(
  context: Context,
  { quoteId, pin }: ConfirmTransfer,
): Promise<Confirmed> {
  const quote = await ownQuote(context, quoteId);
  if (quote.usedBy !== null) return { reference: quote.usedBy };
  if (quote.expiresAt <= context.now) throw new DomainError("quote_expired");
  const tap = `${quote.id}\n${pin}`;
  const first = inFlight.get(tap);
  if (first) return await first;
  const confirmation = confirm(context, quote, pin).finally(() => inFlight.delete(tap));
  inFlight.set(tap, confirmation);
  return await confirmation;
}

async function confirm(context: Context, quote: TransferQuoteRow, pin: string): Promise<Confirmed> {
  await checkPin(context, pin);
  const { walletNumber, amountMinor, currency, note } = quote;
  const { reference } = await sendTransfer(context, {
    walletNumber,
    amount: money(amountMinor, currency),
    note,
    key: quote.id,
  });
  return { reference };
}
