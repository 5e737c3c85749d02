import { newKey } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { API_PERMISSIONS } from "@/lib/services/api-access/keys/schema";
import type { Context } from "@/lib/services/context";
import { startDeposit } from "@/lib/services/deposits/start-deposit";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import type { OperationView } from "@/lib/services/operations/view";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { APP_URL } from "./deployment-addresses";
import { PIN } from "./pin-page";

/** Orders of a person by the verbs that the forms call, for tests that are about what comes after the form. */

const PHONE = "+22670123456";
const COUNTRY = "BF";

/** A top-up in francs by Wave that waits for its payer at the sandbox. */
export async function startTopUp(context: Context, francs: bigint): Promise<OperationView> {
  const order = {
    amount: String(francs),
    phone: PHONE,
    method: "wave",
    currency: "XOF",
    key: newKey(),
  } as const;
  return await startDeposit(context, order, {
    locale: "fr",
    returnUrl: (reference) => `${APP_URL}/wallet/topup/${reference}`,
    defaultCountry: COUNTRY,
  });
}

/** Cancels a top-up on the sandbox's payment page, which tells us by webhook. */
export async function cancelAtSandbox({ paymentUrl }: OperationView): Promise<void> {
  if (paymentUrl === null) throw new Error("the top-up has no payment page");
  const response = await fetch(paymentUrl, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ action: "cancel" }),
  });
  if (response.status !== 303) throw new Error(`the sandbox answered ${response.status} to a cancellation`);
}

/** A withdrawal in francs to Orange Money, ready to be reviewed. Returns the quote's id. */
export async function reviewWithdrawal(context: Context, francs: bigint): Promise<string> {
  const order = { amount: String(francs), phone: PHONE, method: "orange_money" };
  return (await quoteWithdrawal(context, order, COUNTRY)).quoteId;
}

/** The same, confirmed with {@link PIN}: the worker sends it to the sandbox. Returns its reference. */
export async function withdraw(context: Context, francs: bigint): Promise<string> {
  const quoteId = await reviewWithdrawal(context, francs);
  return (await requestWithdrawal(context, { quoteId, pin: PIN })).reference;
}

/** A transfer, ready to be reviewed. Returns the quote's id. */
export async function reviewTransfer(
  context: Context,
  transfer: { walletNumber: string; amount: string; currency: Currency; note: string },
): Promise<string> {
  return (await quoteTransfer(context, transfer)).quoteId;
}

/** An API key with all permissions. */
export async function createFullKey(context: Context, name: string): Promise<void> {
  await createApiKey(context, { name, permissions: [...API_PERMISSIONS], expiry: "1M", pin: PIN });
}

/** Locks the person's PIN by wrong ones. */
export async function lockPin(context: Context): Promise<void> {
  for (const pin of ["5813", "5814", "5815", "5816", "5817"]) {
    await checkPin(context, pin).then(
      () => Promise.reject(new Error(`${pin} is a wrong PIN`)),
      () => {},
    );
  }
}
