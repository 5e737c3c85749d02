import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { leftValues } from "@/lib/i18n/left-values";
import type { Currency } from "@/lib/money/currency";
import { currentContext } from "@/lib/next/current-context";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { findMoneyOutLimit } from "@/lib/services/money-out-limits/find-money-out-limit";
import { Notice } from "@/lib/ui/notice";

/** Above a form for money out: until when it is limited, and what is left; nothing without a limit. */
export async function MoneyOutNotice({ currency }: { currency: Currency }) {
  const [locale, t, zone, limit] = await Promise.all([
    getLocale(),
    getTranslations("moneyOut"),
    viewerTimeZone(),
    currentContext().then((context) => findMoneyOutLimit(context, currency)),
  ]);
  if (!limit) return null;
  const until = formatDateTime(limit.until, locale, zone);
  return <Notice tone="waiting">{t("limited", { until, ...leftValues(limit.left, locale) })}</Notice>;
}
