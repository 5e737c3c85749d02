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

/** What `?currency=` names, where the form offers it. */
export function currencyOfQuery(query: Query, offered: readonly Currency[]): Currency {
  return offered.find((currency) => currency === query.currency) ?? DEFAULT_CURRENCY;
}

/** The whole units that `?amount=` fills in; empty for anything else. */
export function amountOfQuery({ amount }: Query): string {
  return typeof amount === "string" && /^[0-9]{1,15}$/.test(amount) ? amount : "";
}

/** The currencies of a form: the deployment's first one always, another where it has a use. */
export function offeredCurrencies(isOffered: (currency: Currency) => boolean): Currency[] {
  return CURRENCY_CODES.filter((currency) => currency === DEFAULT_CURRENCY || isOffered(currency));
}
