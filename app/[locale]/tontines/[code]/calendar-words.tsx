import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import type { SummaryView } from "@/lib/services/tontines/views/get-summary";

/** `T7K4Q2 · 12 parts · 10 000 FCFA par mois`. */
export async function CalendarWords({
  tontine,
}: {
  tontine: Pick<SummaryView, "code" | "shareCount" | "contribution" | "calendar">;
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines")]);
  const { code, shareCount, contribution, calendar } = tontine;
  return (
    <>
      {code} · {t("shareCount", { count: shareCount })} ·{" "}
      {t(`each.${calendar.kind}`, { amount: formatMoney(contribution, locale) })}
    </>
  );
}
