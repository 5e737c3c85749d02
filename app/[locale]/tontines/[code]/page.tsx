import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDayOfMonth } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getSummary, type SummaryView } from "@/lib/services/tontines/views/get-summary";
import { Columns } from "@/lib/ui/columns";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../missing-page";
import { nullIfNotFound } from "../../null-if-not-found";
import { safePage } from "../../safe-page";
import { TurnCard } from "../turn-card";
import { TurnStrip } from "../turn-strip";
import { CalendarWords } from "./calendar-words";
import { Checked } from "./checked";
import { Contributions } from "./contributions";
import { GroupDone } from "./group-done";
import { GroupLinks } from "./group-links";
import { Owed } from "./owed";
import { Preparation } from "./preparation";
import { Debts, KeptForMe } from "./standing";

interface TontinePageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontine") };
}

/** A group in thirty seconds: who receives what when, what I owe, who has paid, my turn, the boxes. */
export default safePage(async function TontineGroupPage({ params, searchParams }: TontinePageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const tontine = await nullIfNotFound(getSummary(await currentContext(), code, { isAudited: true }));
  if (!tontine) return missingPage();
  const t = await getTranslations("tontines");
  const { current, turns, zone } = tontine;
  return (
    <PageShell>
      <PageHeading
        title={<bdi>{tontine.name}</bdi>}
        lead={<CalendarWords tontine={tontine} />}
        back={{ href: localizedPath(locale, "/tontines"), label: t("heading") }}
      />
      <Columns side={<Side tontine={tontine} />}>
        <GroupDone done={query.done} />
        <AwaitedVotes tontine={tontine} />
        <AwaitedApprovals tontine={tontine} />
        {current ? (
          <TurnCard turn={current} turnCount={turns.length} zone={zone} />
        ) : (
          <State tontine={tontine} />
        )}
        <Waiting tontine={tontine} />
        {tontine.state === "running" ? <Owed tontine={tontine} /> : <Preparation tontine={tontine} />}
        <Debts code={tontine.code} standing={tontine} />
        <Mine tontine={tontine} />
        <KeptForMe standing={tontine} />
      </Columns>
    </PageShell>
  );
});

async function AwaitedVotes({ tontine }: { tontine: SummaryView }) {
  if (tontine.awaitedVotes === 0) return null;
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  return (
    <Notice tone="waiting">
      <a
        href={localizedPath(locale, `/tontines/${tontine.code}/decisions`)}
        className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
      >
        {t("awaited", { count: tontine.awaitedVotes })}
      </a>
    </Notice>
  );
}

/** Pots that wait for the viewer's approval, the oldest first. */
async function AwaitedApprovals({ tontine }: { tontine: SummaryView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines")]);
  return tontine.awaitedApprovals.map(({ payoutId, turn }) => (
    <div key={payoutId} className="mb-3">
      <Notice tone="waiting">
        <a
          href={localizedPath(locale, `/tontines/${tontine.code}/approve/${payoutId}`)}
          className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
        >
          {t("approvalAwaited", { turn })}
        </a>
      </Notice>
    </div>
  ));
}

async function State({ tontine }: { tontine: SummaryView }) {
  const t = await getTranslations("tontines.stateText");
  return (
    <p className="rounded-card border border-line bg-card px-5 py-4 font-semibold">{t(tontine.state)}</p>
  );
}

/** Offers and signatures that wait for the viewer. */
async function Waiting({ tontine }: { tontine: SummaryView }) {
  if (tontine.waiting === 0) return null;
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines")]);
  return (
    <div className="mt-3">
      <Notice tone="waiting" title={t("waiting", { count: tontine.waiting })}>
        <a
          href={localizedPath(locale, `/tontines/${tontine.code}/changes`)}
          className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
        >
          {t("waitingOpen")}
        </a>
      </Notice>
    </div>
  );
}

/** My turns, and what I have paid. */
async function Mine({ tontine }: { tontine: SummaryView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.mine")]);
  const mine = tontine.turns.filter(({ receivers }) => receivers.some(({ isMe }) => isMe));
  const rows = [
    {
      label: t("turn", { count: mine.length }),
      value:
        mine.length === 0
          ? t("none")
          : mine
              .map((turn) =>
                t("turnOn", { number: turn.number, day: formatDayOfMonth(turn.dueAt, locale, tontine.zone) }),
              )
              .join(" · "),
    },
    { label: t("paid"), value: formatMoney(tontine.paid, locale) },
  ];
  return (
    <dl className="mt-3 grid grid-cols-2 gap-3 @container">
      {rows.map(({ label, value }) => (
        <div key={label} className="min-w-0 rounded-card border border-line bg-card px-4 py-3">
          <dt className="text-sm text-muted">{label}</dt>
          <dd className="font-bold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

async function Side({ tontine }: { tontine: SummaryView }) {
  const [locale, t, books] = await Promise.all([
    getLocale(),
    getTranslations("tontines"),
    getTranslations("tontineBooks.turn"),
  ]);
  const { current, turns, zone, box, solidarity } = tontine;
  const isStarted = tontine.state !== "draft" && tontine.state !== "inviting" && tontine.state !== "agreed";
  return (
    <>
      {current && current.contributions.length > 0 && (
        <Section heading={t("thisTurn")}>
          <Contributions turn={current} zone={zone} />
          <a
            href={localizedPath(locale, `/tontines/${tontine.code}/turns/${current.number}`)}
            className="mt-1 inline-flex min-h-11 items-center underline underline-offset-4"
          >
            {books("see")}
          </a>
        </Section>
      )}
      <Section heading={t("turns.heading")}>
        <TurnStrip turns={turns} current={current?.number ?? null} zone={zone} />
      </Section>
      {isStarted && (
        <div className="mt-5 divide-y divide-line rounded-card border border-line bg-card px-5">
          <dl className="divide-y divide-line">
            {[[t("box"), box] as const, [t("solidarity"), solidarity] as const].map(([label, amount]) => (
              <div key={label} className="flex flex-wrap items-baseline justify-between gap-x-4 py-3">
                <dt>{label}</dt>
                <dd className="font-bold">{formatMoney(amount, locale)}</dd>
              </div>
            ))}
          </dl>
          {tontine.audit && <Checked code={tontine.code} audit={tontine.audit} zone={zone} />}
        </div>
      )}
      <GroupLinks tontine={tontine} />
    </>
  );
}
