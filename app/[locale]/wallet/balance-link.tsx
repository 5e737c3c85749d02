import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { DEFAULT_CURRENCY } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import { isBalanceHidden } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { DEFAULT_PERIOD } from "@/lib/services/balance-history/periods";
import { getBalanceHistory } from "@/lib/services/wallets/get-balance-history";
import { BalanceSparkline } from "@/lib/ui/balance-chart";

/** A link to the balance over time, with a small picture of it; nothing while the balance is hidden or nothing was ever there. */
export async function BalanceLink() {
  if (await isBalanceHidden()) return null;
  const [t, locale, zone, context] = await Promise.all([
    getTranslations("balanceHistory"),
    getLocale(),
    viewerTimeZone(),
    currentContext(),
  ]);
  const { points } = await getBalanceHistory(context, {
    currency: DEFAULT_CURRENCY,
    period: DEFAULT_PERIOD,
    zone,
  });
  if (points.every(({ balance }) => balance.amountMinor === 0n)) return null;
  return (
    <a
      href={localizedPath(locale, "/wallet/balance")}
      className="mt-2.5 flex items-center justify-between gap-4 rounded-card border border-line bg-card px-4 py-3 hover:bg-tint"
    >
      <span className="min-w-0 wrap-anywhere">
        <span className="block font-semibold">{t("heading")}</span>
        <span className="block text-sm text-muted">{t(`period.${DEFAULT_PERIOD}`)}</span>
      </span>
      <BalanceSparkline points={points.map(({ balance }) => balance) as [Money, ...Money[]]} />
    </a>
  );
}
