import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { requireWithinLimit } from "../money-out-limits/require-within-limit";
import { keepTransferQuote } from "../transfers/quote-transfer";
import { requireAvailable } from "../wallets/require-available";
import { findVisible } from "./find-visible";
import { requireOpen } from "./require-open";
import type { NamedMoneyRequest } from "./schema";

/**
 * Keeps the transfer that pays a request for review; nothing moves. Throws `not_found`, `money_request_closed`,
 * `recipient_is_self`, `recipient_not_found` (the one who asks is frozen), `insufficient_funds`, `money_out_limited`, `unauthenticated`.
 */
export async function quoteMoneyRequest(
  context: Context,
  input: NamedMoneyRequest,
): Promise<{ quoteId: string }> {
  const userId = requirePerson(context);
  const { row, walletId } = await findVisible(context, input);
  const { requester, note } = row;
  if (requester.walletId === walletId) throw new DomainError("recipient_is_self");
  requireOpen(row);
  if (requester.frozenAt !== null) throw new DomainError("recipient_not_found");
  const amount = money(row.amountMinor, row.currency);
  await requireAvailable(context.db, walletId, amount);
  await requireWithinLimit(context.db, context, amount);
  const quote = {
    id: newKey(),
    userId,
    counterpartyWalletId: requester.walletId,
    amount,
    note,
    moneyRequestId: row.id,
  };
  await inTransaction(context.db, (tx) => keepTransferQuote(tx, context, quote));
  return { quoteId: quote.id };
}
