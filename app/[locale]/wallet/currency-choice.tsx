import { getTranslations } from "next-intl/server";
import { CURRENCY_CODES, type Currency } from "@/lib/money/currency";
import { classNames } from "@/lib/ui/class-names";

const LINK =
  "flex min-h-11 grow items-center justify-center rounded-field border bg-card px-3 text-sm font-semibold";

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
  return (
    <nav aria-label={t("currency")} className="mb-5">
      <ul className="grid grid-cols-2 gap-2">
        {currencies.map((currency) => (
          <li key={currency} className="flex">
            <a
              href={`${path}?${new URLSearchParams({ ...query, currency })}`}
              {...(currency === current && { "aria-current": "true" as const })}
              className={classNames(
                LINK,
                currency === current
                  ? "border-link ring-1 ring-link"
                  : "border-edge text-muted hover:bg-tint",
              )}
            >
              {t(`currencies.${currency}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
