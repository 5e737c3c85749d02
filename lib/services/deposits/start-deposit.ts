import type { PhoneCountry } from "@/lib/phone";
import { type Context, requireUser } from "../context";
import { payerOf, requireEmail } from "../identity/users/get-profile";
import { checkOrder } from "../operations/check-order";
import { type OperationView, toOperationView } from "../operations/view";
import { inputOf, type PaymentLinks, placeDeposit } from "./place-deposit";
import type { StartDeposit } from "./schema";

/** Where the provider sends the browser, and the payer's country and language. */
export interface DepositLinks extends PaymentLinks {
  /** The country of a phone number without a country code. */
  defaultCountry: PhoneCountry;
}

/**
 * Starts a top-up as a form posts it. A replay of the same key answers the same operation. Throws `validation_failed`,
 * `method_unavailable`, and as {@link placeDeposit} does.
 */
export async function startDeposit(
  context: Context,
  input: StartDeposit,
  links: DepositLinks,
): Promise<OperationView> {
  const userId = requireUser(context);
  const { amount, phone, method, offer } = checkOrder(input, "in", links.defaultCountry);
  const email = offer.asks === "email" ? requireEmail(await payerOf(context.db, userId)) : null;
  const order = { amount, provider: offer.provider, method, phone, email, returnUrl: null };
  const placement = { userId, key: input.key, input: inputOf(order), order };
  const { operation } = await placeDeposit(context, placement, links);
  return toOperationView(operation);
}
