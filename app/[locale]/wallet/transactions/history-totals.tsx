import { getLocale, getTranslations } from "next-intl/server";
import { formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import type { OperationTotals } from "@/lib/services/operations/sum-operations";

/**
 * What came in and went out, for each currency of a filtered history. Not while the balance is hidden: of a whole history it could
 * be computed from these.
 */
export async function HistoryTotals({ found }: { found: OperationTotals | null }) {
  const [t, locale, isHidden] = await Promise.all([
    getTranslations("history"),
    getLocale(),
    isBalanceHidden(),
  ]);
  if (found === null) return <p className="mb-3 text-sm text-muted">{t("totalsTooSlow")}</p>;
  if (isHidden) return <p className="mb-3 text-sm text-muted">{t("totalsHidden")}</p>;
  return (
    <section aria-label={t("totals")} className="mb-4 grid gap-2">
      {found.totals.map(({ currency, in: came, out: went, count }) => (
        <dl
          key={currency}
          className="flex flex-wrap gap-x-8 gap-y-2 rounded-card border border-line bg-card px-4 py-3"
        >
          <div>
            <dt className="text-sm text-muted">{t("totalIn")}</dt>
            <dd className="font-semibold text-good">{formatSignedMoney(came, locale)}</dd>
          </div>
          <div>
            <dt className="text-sm text-muted">{t("totalOut")}</dt>
            <dd className="font-semibold">{formatSignedMoney(money(-went.amountMinor, currency), locale)}</dd>
          </div>
          <div>
            <dt className="text-sm text-muted">{t("totalCount")}</dt>
            <dd className="font-semibold">{count.toLocaleString(locale === "fr" ? "fr-FR" : "en-GB")}</dd>
          </div>
        </dl>
      ))}
      {found.newest !== null && (
        <p className="text-sm text-muted">{t("totalsLimited", { count: found.newest })}</p>
      )}
    </section>
  );
}
