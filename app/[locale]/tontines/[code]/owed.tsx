import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { sum } from "@/lib/money/arithmetic";
import { formatMoney } from "@/lib/money/format-money";
import type { SummaryView } from "@/lib/services/tontines/views/get-summary";
import { ButtonLink } from "@/lib/ui/button";
import { DueBadge } from "../due-badge";
import { formatDue } from "../format-due";

/** What the viewer owes now, with the button that pays it; and the other ways to pay. */
export async function Owed({ tontine }: { tontine: SummaryView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines")]);
  const { myDues, currency, code, zone, mandate } = tontine;
  const [first] = myDues;
  const total = sum(
    myDues.map(({ open }) => open),
    currency,
  );
  const isLate = myDues.some((due) => due.isLate);
  const path = (page: string) => localizedPath(locale, `/tontines/${code}/${page}`);
  const amount = formatMoney(total, locale);
  return (
    <section className="mt-3 rounded-card border border-line bg-card p-5">
      {first ? (
        <>
          <div className="flex flex-wrap items-center justify-between gap-2">
            <div className="min-w-0">
              <h2 className="text-sm text-muted">
                {t("youOwe", { when: await formatDue(first.dueAt, locale, zone) })}
              </h2>
              <p className="text-2xl font-bold">{amount}</p>
            </div>
            <DueBadge state={isLate ? "late" : "awaited"} label={t(isLate ? "due.late" : "toPay")} />
          </div>
          <ButtonLink wide href={path("pay")} className="mt-4">
            {t("pay.open", { amount })}
          </ButtonLink>
        </>
      ) : (
        <h2 className="font-semibold">{t("nothingOwed")}</h2>
      )}
      <p className="mt-2 flex flex-wrap justify-center gap-x-5 text-sm">
        <OtherWay href={path("pay?for=others")} label={t("pay.forOthers")} />
        <OtherWay href={path("pay?advance=1")} label={t("pay.ahead")} />
        <OtherWay href={path("mandate")} label={t(`mandate.is.${mandate}`)} />
      </p>
    </section>
  );
}

function OtherWay({ href, label }: { href: string; label: string }) {
  return (
    <a href={href} className="inline-flex min-h-11 items-center text-muted underline underline-offset-4">
      {label}
    </a>
  );
}
