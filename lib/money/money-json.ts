import { isCurrency } from "./currency";
import { type Money, money } from "./money";

/** Money as JSON carries it: minor units as a decimal string, since a JSON number may not survive 2^53. */
export interface MoneyJson {
  amountMinor: string;
  currency: string;
}

export function moneyToJson({ amountMinor, currency }: Money): MoneyJson {
  return { amountMinor: amountMinor.toString(), currency };
}

/** The inverse of {@link moneyToJson}. Throws a RangeError on anything else. */
export function moneyFromJson(value: MoneyJson): Money {
  if (!/^(?:0|-?[1-9][0-9]{0,18})$/.test(value.amountMinor)) {
    throw new RangeError("amountMinor is not a decimal string of minor units");
  }
  if (!isCurrency(value.currency)) throw new RangeError("currency is not one that we know");
  return money(BigInt(value.amountMinor), value.currency);
}
