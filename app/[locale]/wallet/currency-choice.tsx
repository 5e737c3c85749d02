import { getTranslations } from "next-intl/server";
import { CURRENCY_CODES, type Currency } from "@/lib/money/currency";
import { ChoiceLinks } from "@/lib/ui/choice-links";

interface CurrencyChoiceProps {
  /** What the person is offered; the current one is added. */
  currencies: readonly Currency[];
  current: Currency;
  /** The form's page, in the page's language. */
  path: string;
  /** What the form's address has besides. */
  query?: Readonly<Record<string, string>>;
}

/** Links to the form in each currency; nothing where there is only one. */
export async function CurrencyChoice({ currencies: offered, current, path, query }: CurrencyChoiceProps) {
  const currencies = CURRENCY_CODES.filter((each) => each === current || offered.includes(each));
  if (currencies.length < 2) return null;
  const t = await getTranslations("form");
  const choices = currencies.map((currency) => ({
    label: t(`currencies.${currency}`),
    href: `${path}?${new URLSearchParams({ ...query, currency })}`,
    isCurrent: currency === current,
  }));
  return <ChoiceLinks label={t("currency")} choices={choices} />;
}
