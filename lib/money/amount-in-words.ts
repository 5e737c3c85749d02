import { CURRENCIES, type Currency } from "./currency";
import type { MoneyLocale } from "./format-money";
import { AMOUNT_MINOR_MAX, type Money } from "./money";
import { englishNumber } from "./number-in-english";
import { frenchNumber } from "./number-in-french";

interface UnitWords {
  one: string;
  many: string;
}

const UNITS: Record<MoneyLocale, Record<Currency, { major: UnitWords; minor: UnitWords }>> = {
  fr: {
    XOF: { major: { one: "franc", many: "francs" }, minor: { one: "centime", many: "centimes" } },
    NGN: { major: { one: "naira", many: "nairas" }, minor: { one: "kobo", many: "kobos" } },
  },
  en: {
    XOF: { major: { one: "franc", many: "francs" }, minor: { one: "centime", many: "centimes" } },
    NGN: { major: { one: "naira", many: "naira" }, minor: { one: "kobo", many: "kobo" } },
  },
};

/**
 * The amount as people say it (`deux mille francs`, `five thousand naira and fifty kobo`): one zero too many is
 * seen at once. From 0 to {@link AMOUNT_MINOR_MAX}; throws a RangeError outside.
 */
export function amountInWords({ amountMinor, currency }: Money, locale: MoneyLocale): string {
  if (amountMinor < 0n || amountMinor > AMOUNT_MINOR_MAX)
    throw new RangeError("an amount we have no words for");
  const scale = 10n ** BigInt(CURRENCIES[currency].decimals);
  const units = UNITS[locale][currency];
  const whole = counted(amountMinor / scale, units.major, locale);
  const rest = amountMinor % scale;
  if (rest === 0n) return whole;
  return `${whole} ${locale === "fr" ? "et" : "and"} ${counted(rest, units.minor, locale)}`;
}

function counted(count: bigint, unit: UnitWords, locale: MoneyLocale): string {
  if (locale === "en") return `${englishNumber(count)} ${count === 1n ? unit.one : unit.many}`;
  // French counts zero as one, and a round million takes "de": un million de francs.
  const of = count > 0n && count % 1_000_000n === 0n ? "de " : "";
  return `${frenchNumber(count)} ${of}${count < 2n ? unit.one : unit.many}`;
}
