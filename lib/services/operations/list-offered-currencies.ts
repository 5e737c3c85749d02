import { CURRENCY_CODES, type Currency, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { phoneCountryOf } from "@/lib/phone";
import { listMethods } from "@/lib/providers/methods";
import type { Direction } from "@/lib/providers/provider";
import { type Context, requireUser } from "../context";
import { payerOf } from "../identity/users/get-profile";
import { getWallet } from "../wallets/get-wallet";
import { listShownBalances } from "../wallets/list-shown-balances";

/**
 * The currencies that a person's forms offer: francs always; another one where their number is from a country that uses
 * it, and where their wallet has or had some. With a direction, only what some method moves in it, and all of that
 * while they have given no number. Throws `unauthenticated`.
 */
export async function listOfferedCurrencies(context: Context, direction?: Direction): Promise<Currency[]> {
  const { phone } = await payerOf(context.db, requireUser(context));
  const shown = await listShownBalances(context, await getWallet(context));
  const inBalance = new Set(shown.map(({ currency }) => currency));
  return CURRENCY_CODES.filter((currency) => {
    if (currency === DEFAULT_CURRENCY) return true;
    if (direction !== undefined && listMethods({ direction, currency }).length === 0) return false;
    if (phone === null) return direction !== undefined || inBalance.has(currency);
    return inBalance.has(currency) || isUsedIn(phone, currency);
  });
}

/** True if a method moves this currency in the country of this E.164 number. */
function isUsedIn(phone: string, currency: Currency): boolean {
  const country = phoneCountryOf(phone);
  const offers = (["in", "out"] as const).flatMap((direction) => listMethods({ direction, currency }));
  return offers.some((offer) => offer.country === country);
}
