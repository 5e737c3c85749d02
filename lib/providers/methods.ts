import { config } from "@/lib/config";
import type { Currency } from "@/lib/money/currency";
import type { MethodName, PaymentMethods } from "./payment-methods";
import type { CountryCode, Direction, MethodRow, Provider } from "./provider";
import { listProviders } from "./registry";

/** A method that is switched on and that a configured provider can do. Amounts in minor units. */
export interface MethodOffer extends MethodRow {
  method: MethodName;
  /** As people know it; the same in every language. */
  name: string;
  /** The name of the provider that does it. */
  provider: string;
}

export interface MethodFilter {
  direction: Direction;
  country?: CountryCode;
  currency?: Currency;
}

export function isMethodName(
  value: string,
  table: PaymentMethods = config().paymentMethods,
): value is MethodName {
  return Object.hasOwn(table, value);
}

/** A method's name, also when it is switched off: past operations show it too. */
export function methodName(method: string, table: PaymentMethods = config().paymentMethods): string {
  return isMethodName(method, table) ? table[method].name : method;
}

function offersOf(provider: Provider, table: PaymentMethods): MethodOffer[] {
  return provider.capabilities.methods.flatMap((row) => {
    const { method } = row;
    if (!isMethodName(method, table) || !table[method].enabled) return [];
    return [{ ...row, method, name: table[method].name, provider: provider.name }];
  });
}

/** In the order of PAYMENT_METHODS; one offer per country × method, from the first provider that has it. */
export function listMethods(
  filter: MethodFilter,
  providers: readonly Provider[] = listProviders(),
  table: PaymentMethods = config().paymentMethods,
): MethodOffer[] {
  const order = Object.keys(table);
  const seen = new Set<string>();
  return providers
    .flatMap((provider) => offersOf(provider, table))
    .filter((offer) => offer.direction === filter.direction)
    .filter((offer) => filter.country === undefined || offer.country === filter.country)
    .filter((offer) => filter.currency === undefined || offer.currency === filter.currency)
    .filter((offer) => {
      const key = `${offer.country} ${offer.method} ${offer.currency}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .sort((one, other) => order.indexOf(one.method) - order.indexOf(other.method));
}

/** The one offer for a choice that a person made; null when it doesn't exist or is switched off. */
export function findMethod(filter: Required<MethodFilter> & { method: string }): MethodOffer | null {
  return listMethods(filter).find((offer) => offer.method === filter.method) ?? null;
}
