import { toCardinal as toEnglish } from "n2words/en-GB";
import { toCardinal as toFrench } from "n2words/fr-FR";
import { CURRENCIES, minorPerMajor } from "./currency";
import type { MoneyLocale } from "./format-money";
import { AMOUNT_MINOR_MAX, type Money } from "./money";

/**
 * The amount in words (`deux mille francs`, `five thousand naira and fifty kobo`), so that a zero too many is
 * noticed. From 0 to {@link AMOUNT_MINOR_MAX}; throws a RangeError outside. For the server only.
 */
export function amountInWords({ amountMinor, currency }: Money, locale: MoneyLocale): string {
  if (amountMinor < 0n || amountMinor > AMOUNT_MINOR_MAX)
    throw new RangeError("an amount we have no words for");
  const scale = minorPerMajor(currency);
  const { major, minor } = CURRENCIES[currency].words[locale];
  const whole = counted(amountMinor / scale, major, locale);
  const rest = amountMinor % scale;
  if (rest === 0n) return whole;
  return `${whole} ${locale === "fr" ? "et" : "and"} ${counted(rest, minor, locale)}`;
}

function counted(count: bigint, [one, several]: readonly [string, string], locale: MoneyLocale): string {
  if (locale === "en") return `${toEnglish(count)} ${count === 1n ? one : several}`;
  // French counts zero as one, and a round million takes "de": un million de francs.
  const of = count > 0n && count % 1_000_000n === 0n ? "de " : "";
  return `${toFrench(count)} ${of}${count < 2n ? one : several}`;
}
