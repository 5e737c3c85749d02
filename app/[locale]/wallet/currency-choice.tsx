import { getTranslations } from "next-intl/server";
import { classNames } from "@/lib/ui/class-names";

const CURRENCIES = ["XOF", "NGN"] as const;

const LINK =
  "flex min-h-11 grow items-center justify-center rounded-field border bg-card px-3 text-sm font-semibold";

/** Which currency moves, as links: the form, and the balance above it, change with it. */
export async function CurrencyChoice({ current, path }: { current: "XOF" | "NGN"; path: string }) {
  const t = await getTranslations("form");
  return (
    <nav aria-label={t("currency")} className="mb-5">
      <ul className="grid grid-cols-2 gap-2">
        {CURRENCIES.map((currency) => (
          <li key={currency} className="flex">
            <a
              href={`${path}?currency=${currency}`}
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
