import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { NextDue } from "@/lib/services/tontines/views/list-summaries";
import { ButtonLink } from "@/lib/ui/button";
import { DueBadge } from "./due-badge";
import { formatDue } from "./format-due";

/** On the overview: what the person owes next to a tontine. */
export async function NextContribution({ due }: { due: NextDue }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines")]);
  const path = localizedPath(locale, `/tontines/${due.code}`);
  return (
    <section
      aria-label={t("card.heading")}
      className="mt-2.5 rounded-card border border-line bg-card px-4 py-3"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <a href={path} className="min-w-0 font-semibold underline-offset-4 hover:underline">
          <bdi>{due.name}</bdi>
        </a>
        <DueBadge state={due.isLate ? "late" : "awaited"} label={t(due.isLate ? "due.late" : "toPay")} />
      </div>
      <p className="text-sm text-muted">
        {t("youOwe", { when: await formatDue(due.dueAt, locale, due.zone) })}
      </p>
      <ButtonLink wide variant="secondary" href={`${path}/pay`} className="mt-2">
        {t("card.pay", { amount: formatMoney(due.amount, locale) })}
      </ButtonLink>
    </section>
  );
}
