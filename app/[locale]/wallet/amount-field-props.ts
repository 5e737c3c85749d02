import { getLocale, getTranslations } from "next-intl/server";
import type { Locale } from "@/lib/i18n/routing";
import { compare } from "@/lib/money/arithmetic";
import { CURRENCIES, type Currency, minorPerMajor } from "@/lib/money/currency";
import { formatAmount } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import type { AmountReasons } from "@/lib/ui/field-checks";
import type { QuickAmount } from "@/lib/ui/quick-amounts.client";

const REASONS = ["empty", "not_a_number", "no_decimals", "ambiguous", "not_positive", "too_large"] as const;
/** In major units. */
const QUICK_AMOUNTS = [1_000n, 2_000n, 5_000n, 10_000n, 25_000n];

/** The sentence for each reason that `parseAmount` gives, in the page's language. */
export async function amountReasons(): Promise<AmountReasons> {
  const fields = await getTranslations("fields");
  return Object.fromEntries(REASONS.map((reason) => [reason, fields(reason)]));
}

/** A currency's unit, and whether it comes first in the page's language. */
export async function unitOf(currency: Currency) {
  const { unit, unitFirst } = formatAmount(money(0n, currency), await getLocale());
  return { currency, unit, unitFirst };
}

/** Round amounts to choose from, at most `available` unless the balance is hidden. */
export async function quickAmounts(currency: Currency, available?: Money): Promise<QuickAmount[]> {
  const [locale, isHidden] = await Promise.all([getLocale(), isBalanceHidden()]);
  const amounts = QUICK_AMOUNTS.map((whole) => money(whole * minorPerMajor(currency), currency));
  return amounts
    .filter((amount) => isHidden || !available || compare(amount, available) <= 0)
    .map((amount) => ({
      value: (amount.amountMinor / minorPerMajor(currency)).toString(),
      label: wholeNumber(amount, locale),
    }));
}

/** The number without decimals: `5 000` for 5,000.00. */
function wholeNumber(amount: Money, locale: Locale): string {
  const { number } = formatAmount(amount, locale);
  const { decimals } = CURRENCIES[amount.currency];
  return decimals === 0 ? number : number.slice(0, -(decimals + 1));
}
