import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import { add } from "@/lib/money/arithmetic";
import { DEFAULT_CURRENCY } from "@/lib/money/currency";
import type { PhoneCountry } from "@/lib/phone";
import { lookUpAccountHolder } from "../banks/directory";
import { limitHolderLookUps } from "../banks/resolve-bank-account";
import { type Context, requirePerson } from "../context";
import { requireWithinLimit } from "../money-out-limits/require-within-limit";
import { checkOrder } from "../operations/check-order";
import { walletOfUser } from "../wallets/get-wallet";
import { requireAvailable } from "../wallets/require-available";

import { QUOTE_LIFETIME_MS, withdrawalFee } from "./policy";
import type { TypedWithdrawal } from "./schema";
import { insertQuote } from "./store";

/**
 * Checks a withdrawal and stores it as a quote for the review page; nothing is reserved yet. The name of a bank account's
 * holder is looked up here, so that the person sees it before confirming. Answers the quote's id. Throws `validation_failed`,
 * `insufficient_funds` at once when amount and fee exceed what is available, `money_out_limited`, and as resolveBankAccount does.
 */
export async function quoteWithdrawal(
  context: Context,
  input: TypedWithdrawal,
  defaultCountry: PhoneCountry,
): Promise<{ quoteId: string }> {
  const userId = requirePerson(context);
  const { amount, phone, bank, method, offer } = checkOrder(typedOrder(input), "out", defaultCountry);
  const fee = withdrawalFee(amount);
  const wallet = await walletOfUser(context.db, userId);
  await requireAvailable(context.db, wallet.id, add(amount, fee));
  await requireWithinLimit(context.db, context, amount);
  if (bank) await limitHolderLookUps(context, userId);
  const account = bank && (await lookUpAccountHolder(offer.provider, bank));
  const quoteId = newKey();
  await inTransaction(context.db, (tx) =>
    insertQuote(tx, {
      id: quoteId,
      userId,
      currency: amount.currency,
      amountMinor: amount.amountMinor,
      feeMinor: fee.amountMinor,
      method,
      phone,
      ...account,
      expiresAt: new Date(context.now.getTime() + QUOTE_LIFETIME_MS),
    }),
  );
  return { quoteId };
}

function typedOrder(input: TypedWithdrawal) {
  const {
    amount = "",
    phone = "",
    method = "",
    currency = DEFAULT_CURRENCY,
    bankCode = "",
    accountNumber = "",
  } = input;
  return { amount, phone, method, currency, bank: { bankCode, accountNumber } };
}
