import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { PhoneCountry } from "@/lib/phone";
import { type Context, requireUser } from "../context";
import { checkOrder } from "../operations/check-order";
import { walletOfUser } from "../wallets/get-wallet";
import { QUOTE_LIFETIME_MS, withdrawalFee } from "./policy";
import type { QuoteWithdrawal } from "./schema";
import { insertQuote } from "./store";

/**
 * Checks a withdrawal and keeps it for review; nothing is reserved yet and no provider is called. Answers the quote's
 * id. Throws `validation_failed`, and `insufficient_funds` at once when amount and fee exceed what is available.
 */
export async function quoteWithdrawal(
  context: Context,
  input: QuoteWithdrawal,
  defaultCountry: PhoneCountry,
): Promise<{ quoteId: string }> {
  const userId = requireUser(context);
  const { amount, phone, offer } = checkOrder(input, "out", defaultCountry);
  const fee = withdrawalFee(amount);
  const wallet = await walletOfUser(context.db, userId);
  const [available] = await getBalances(context.db, [chart.available(wallet.id, amount.currency)]);
  if (!available || available.amountMinor < amount.amountMinor + fee.amountMinor) {
    throw new DomainError("insufficient_funds", {
      issues: [{ field: "amount", reason: "insufficient_funds", values: available ? { available } : {} }],
    });
  }
  const quoteId = newKey();
  await inTransaction(context.db, (tx) =>
    insertQuote(tx, {
      id: quoteId,
      userId,
      currency: amount.currency,
      amountMinor: amount.amountMinor,
      feeMinor: fee.amountMinor,
      method: offer.method,
      phone,
      expiresAt: new Date(context.now.getTime() + QUOTE_LIFETIME_MS),
    }),
  );
  return { quoteId };
}
