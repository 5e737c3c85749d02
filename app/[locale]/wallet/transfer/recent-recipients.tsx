import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { type Currency, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { currentContext } from "@/lib/next/current-context";
import { listRecentRecipients } from "@/lib/services/transfers/list-recent-recipients";

const DIGITS_SHOWN = 4;

/** The last recipients as links that fill in their number; nothing before the first transfer. */
export async function RecentRecipients({ currency }: { currency: Currency }) {
  const [locale, t, recipients] = await Promise.all([
    getLocale(),
    getTranslations("transfer"),
    listRecentRecipients(await currentContext()),
  ]);
  if (recipients.length === 0) return null;
  const path = localizedPath(locale, "/wallet/transfer");
  return (
    <nav aria-label={t("recent")} className="mb-5">
      <h2 className="mb-1.5 font-semibold">{t("recent")}</h2>
      <ul className="flex flex-wrap gap-2">
        {recipients.map(({ walletNumber, name }) => (
          <li key={walletNumber} className="min-w-0">
            <a
              href={`${path}?${new URLSearchParams({
                to: walletNumber,
                ...(currency !== DEFAULT_CURRENCY && { currency }),
              })}`}
              className="inline-flex min-h-11 items-center gap-2 rounded-full border border-edge bg-card px-3.5 text-sm font-semibold hover:bg-tint"
            >
              <bdi className="min-w-0 wrap-anywhere">{name}</bdi>
              <span className="font-normal whitespace-nowrap text-muted">
                …{walletNumber.slice(-DIGITS_SHOWN)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
