import { CURRENCY_CODES, type Currency, DEFAULT_CURRENCY, minorPerMajor } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import type { Query } from "@/lib/next/next-path";

/** `?currency=NGN&amount=5000`: the address that opens a money form in this currency, with these whole units filled in. */
export function formQuery(currency: Currency, amount?: Money): string {
  const query = new URLSearchParams();
  if (currency !== DEFAULT_CURRENCY) query.set("currency", currency);
  if (amount) query.set("amount", (amount.amountMinor / minorPerMajor(currency)).toString());
  return query.size === 0 ? "" : `?${query}`;
}

/** What `?currency=` names, where it `isPossible`: also one that the form doesn't offer to this person. */
export function currencyOfQuery(
  { currency }: Query,
  isPossible: (currency: Currency) => boolean = () => true,
): Currency {
  return CURRENCY_CODES.find((each) => each === currency && isPossible(each)) ?? DEFAULT_CURRENCY;
}

/** The whole units that `?amount=` fills in; empty for anything else. */
export function amountOfQuery({ amount }: Query): string {
  return typeof amount === "string" && /^[0-9]{1,15}$/.test(amount) ? amount : "";
}
