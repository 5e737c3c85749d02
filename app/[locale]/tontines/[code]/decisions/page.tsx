import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate, formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import type { DecisionView } from "@/lib/services/tontines/views/decision-view";
import { type DecisionList, listDecisions } from "@/lib/services/tontines/views/list-decisions";
import { ButtonLink } from "@/lib/ui/button";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";
import { Consequences, questionOf } from "./decision-text";

interface DecisionsPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineDecisions") };
}

/** What the group decides by vote, those that wait for mine first; then what it has decided. */
export default safePage(async function DecisionsPage({ params }: DecisionsPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const list = await nullIfNotFound(listDecisions(await currentContext(), code));
  if (!list) return missingPage();
  const t = await getTranslations("tontineDecisions");
  const path = localizedPath(locale, `/tontines/${list.code}/decisions`);
  return (
    <TontinePage tontine={list} width="text" title={t("heading")} lead={t("lead")}>
      {list.open.length === 0 && <p className="text-muted">{t("noneOpen")}</p>}
      <div className="space-y-4">
        {list.open.map((decision) => (
          <OpenCard key={decision.id} decision={decision} list={list} path={path} />
        ))}
      </div>
      <p className="mt-5">
        <ButtonLink wide variant="secondary" href={`${path}/new`}>
          {t("new")}
        </ButtonLink>
      </p>
      {list.past.length > 0 && (
        <Section heading={t("past")}>
          <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
            {list.past.map((decision) => (
              <PastRow key={decision.id} decision={decision} list={list} path={path} />
            ))}
          </ul>
        </Section>
      )}
    </TontinePage>
  );
});

interface DecisionProps {
  decision: DecisionView;
  list: DecisionList;
  path: string;
}

async function OpenCard({ decision, list, path }: DecisionProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  const { id, consequences, needed, voters, voted, closesAt, isAwaited, state, takesEffectAt } = decision;
  const until = formatDateTime(closesAt, locale, list.zone);
  const waits = takesEffectAt
    ? t("takesEffect", { day: formatDateTime(takesEffectAt, locale, list.zone) })
    : t("nextCycle");
  return (
    <article className="rounded-card border border-line bg-card px-5 py-4">
      <h2 className="font-bold">{await questionOf(decision)}</h2>
      <Consequences consequences={consequences} />
      <p className="mt-2 text-sm text-muted">
        {t("needed", { needed, voters })} · {t("voted", { voted })} ·{" "}
        {state === "adopted" ? waits : t("until", { day: until })}
      </p>
      <ButtonLink wide href={`${path}/${id}`} variant={isAwaited ? "primary" : "secondary"} className="mt-3">
        {t(isAwaited ? "vote" : "see")}
      </ButtonLink>
    </article>
  );
}

async function PastRow({ decision, list, path }: DecisionProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  const { id, state, decidedAt } = decision;
  return (
    <li className="py-3">
      <a href={`${path}/${id}`} className="flex min-h-11 flex-wrap items-baseline justify-between gap-x-4">
        <span className="min-w-0 font-semibold underline underline-offset-4">
          {await questionOf(decision)}
        </span>
        <span className="text-sm text-muted">
          {t(`states.${state}`)}
          {decidedAt && ` · ${formatDate(decidedAt, locale, list.zone)}`}
        </span>
      </a>
    </li>
  );
}
