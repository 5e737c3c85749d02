import type { Currency } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import { money } from "@/lib/money/money";
import { listMethods, type MethodOffer } from "@/lib/providers/methods";
import type { CountryCode, Direction } from "@/lib/providers/provider";

/** A method that a form offers. */
export interface OrderMethod {
  method: string;
  /** As people know it. */
  name: string;
  country: CountryCode;
  /** The field that the form has beside the amount. */
  asks: "phone" | NonNullable<MethodOffer["asks"]>;
  min: Money;
  max: Money;
}

/** Everything that money can come in or go out by, one element a country and method, in the configured order. */
export function listOrderMethods(direction: Direction, currency: Currency): OrderMethod[] {
  return listMethods({ direction, currency }).map(
    ({ method, name, country, asks, minMinor, maxMinor }: MethodOffer) => ({
      method,
      name,
      country,
      asks: asks ?? "phone",
      min: money(minMinor, currency),
      max: money(maxMinor, currency),
    }),
  );
}
