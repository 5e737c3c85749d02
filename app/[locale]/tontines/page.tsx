import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listSummaries, type SummaryCard } from "@/lib/services/tontines/views/list-summaries";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { Columns } from "@/lib/ui/columns";
import { EmptyState } from "@/lib/ui/empty-state";
import { GoodToKnow } from "@/lib/ui/good-to-know";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../safe-page";
import { DueBadge } from "./due-badge";
import { formatDue } from "./format-due";

interface TontinesPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontines") };
}

/** The person's tontines, each with what comes next in it. */
export default safePage(async function TontinesPage({ searchParams }: TontinesPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, tontines, query] = await Promise.all([
    getTranslations("tontines"),
    listSummaries(await currentContext()),
    searchParams,
  ]);
  const newPath = localizedPath(locale, "/tontines/new");
  return (
    <PageShell>
      <PageHeading title={t("heading")} lead={t("lead")} />
      <Columns side={<TontineFacts />}>
        {query.done === "left" && (
          <Notice tone="good" live>
            {t("left")}
          </Notice>
        )}
        {query.done === "cancelled" && (
          <Notice tone="good" live>
            {t("cancelled")}
          </Notice>
        )}
        {tontines.length === 0 ? (
          <EmptyState
            icon="tontine"
            title={t("empty")}
            text={t("emptyText")}
            action={{ href: newPath, label: t("create") }}
          />
        ) : (
          <>
            <ul aria-label={t("heading")} className="grid gap-3">
              {tontines.map((tontine) => (
                <li key={tontine.code}>
                  <Card tontine={tontine} locale={locale} />
                </li>
              ))}
            </ul>
            <ButtonLink wide href={newPath} variant="secondary" className="mt-5">
              {t("create")}
            </ButtonLink>
          </>
        )}
        <p className="mt-2 text-center">
          <a
            href={localizedPath(locale, "/join")}
            className="inline-flex min-h-11 items-center underline underline-offset-4"
          >
            {t("haveCode")}
          </a>
        </p>
      </Columns>
    </PageShell>
  );
});

async function Card({ tontine, locale }: { tontine: SummaryCard; locale: Locale }) {
  const t = await getTranslations("tontines");
  const { code, name, owes, zone, turn, state, isUnsigned } = tontine;
  return (
    <a
      href={localizedPath(locale, `/tontines/${code}`)}
      className="block rounded-card border border-line bg-card px-5 py-4 hover:bg-tint/50"
    >
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <bdi className="min-w-0 text-lg font-bold">{name}</bdi>
        <span className="text-sm text-muted">{t(`state.${state}`)}</span>
      </span>
      <span className="block text-sm text-muted">
        {t("shares", { count: tontine.shareCount, amount: formatMoney(tontine.contribution, locale) })}
      </span>
      {turn && (
        <span className="mt-2 block">
          <BidiText
            text={t("next", {
              number: turn.number,
              count: tontine.turnCount,
              name: turn.receivers.map((receiver) => isolate(receiver.name)).join(", "),
              when: await formatDue(turn.dueAt, locale, zone),
            })}
          />
        </span>
      )}
      {tontine.dueCount > 0 && (
        <span className="block text-sm text-muted">
          {t("paidAndAwaited", {
            paid: tontine.paidCount,
            awaited: tontine.dueCount - tontine.paidCount,
          })}
        </span>
      )}
      {owes && (
        <span className="mt-3 flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
          <span className="min-w-0">
            <span className="block text-sm text-muted">
              {t("youOwe", { when: await formatDue(owes.dueAt, locale, zone) })}
            </span>
            <span className="text-lg font-bold">{formatMoney(owes.amount, locale)}</span>
          </span>
          <DueBadge state={owes.isLate ? "late" : "awaited"} label={t(owes.isLate ? "due.late" : "toPay")} />
        </span>
      )}
      {isUnsigned && <span className="mt-2 block font-semibold text-waiting">{t("toSign")}</span>}
    </a>
  );
}

async function TontineFacts() {
  const [locale, t, tips] = await Promise.all([
    getLocale(),
    getTranslations("tontines.facts"),
    getTranslations("tips"),
  ]);
  return (
    <GoodToKnow
      heading={tips("heading")}
      facts={[
        { icon: "shield", text: t("pot") },
        { icon: "user", text: t("invited") },
        { icon: "list", text: t("book") },
      ]}
      more={{ href: localizedPath(locale, "/help"), label: tips("more") }}
    />
  );
}
