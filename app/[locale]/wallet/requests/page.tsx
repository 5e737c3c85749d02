import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { listMoneyRequests, type MoneyRequestList } from "@/lib/services/money-requests/list-money-requests";
import type { MoneyRequestView } from "@/lib/services/money-requests/view";
import { ActionForm } from "@/lib/ui/action-form.client";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { Columns } from "@/lib/ui/columns";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../safe-page";
import { unblockAsker } from "./actions";
import { RequestBadge } from "./request-badge";

interface RequestsPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("requests") };
}

const DONE = ["declined", "cancelled", "blocked", "unblocked"] as const;

/** What the person is asked for, what they ask for, and whose requests they no longer receive. */
export default safePage(async function RequestsPage({ searchParams }: RequestsPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, shell, list, query] = await Promise.all([
    getTranslations("requests"),
    getTranslations("shell"),
    listMoneyRequests(await currentContext()),
    searchParams,
  ]);
  const done = DONE.find((each) => each === query.done);
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/receive"), label: shell("back") }}
      />
      {done && (
        <Notice tone="good" live>
          {t(`done.${done}`)}
        </Notice>
      )}
      <Columns
        side={
          <>
            <Section heading={t("asked")}>
              <RequestList requests={list.asked} empty={t("emptyAsked")} />
            </Section>
            <Blocked blocked={list.blocked} />
          </>
        }
      >
        <ButtonLink wide href={localizedPath(locale, "/wallet/requests/new")}>
          {t("new")}
        </ButtonLink>
        <Section heading={t("received")}>
          <RequestList requests={list.received} empty={t("emptyReceived")} />
        </Section>
      </Columns>
    </PageShell>
  );
});

async function RequestList({ requests, empty }: { requests: readonly MoneyRequestView[]; empty: string }) {
  const [locale, zone] = await Promise.all([getLocale(), viewerTimeZone()]);
  if (requests.length === 0) return <p className="mt-1 text-muted">{empty}</p>;
  return (
    <ul className="mt-3 divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
      {requests.map((request) => (
        <li key={request.id}>
          <a
            href={localizedPath(locale, `/wallet/requests/${request.id}`)}
            className="flex flex-wrap items-baseline gap-x-3 px-4 py-3 -outline-offset-4 hover:bg-tint/50"
          >
            <OtherSide request={request} />
            <span className="ml-auto font-semibold whitespace-nowrap">
              {formatMoney(request.amount, locale)}
            </span>
            <span className="flex basis-full flex-wrap items-baseline justify-between gap-x-3 text-sm text-muted">
              {formatDate(request.createdAt, locale, zone)}
              <RequestBadge status={request.status} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

async function OtherSide({ request: { isMine, payer, requester } }: { request: MoneyRequestView }) {
  const t = await getTranslations("requests");
  const text = isMine
    ? payer
      ? t("toName", { name: isolate(payer.name) })
      : t("anybody")
    : t("fromName", { name: isolate(requester.name) });
  return (
    <span className="min-w-0 font-semibold wrap-anywhere">
      <BidiText text={text} />
    </span>
  );
}

async function Blocked({ blocked }: Pick<MoneyRequestList, "blocked">) {
  if (blocked.length === 0) return null;
  const [t, form] = await Promise.all([getTranslations("requests"), getTranslations("form")]);
  return (
    <Section heading={t("blocked")}>
      <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card">
        {blocked.map(({ name, walletNumber }) => (
          <li
            key={walletNumber}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3"
          >
            <bdi className="min-w-0 font-semibold wrap-anywhere">{name}</bdi>
            <ActionForm
              name="unblock-requester"
              action={unblockAsker}
              hidden={{ walletNumber }}
              idPrefix={`${walletNumber}-`}
            >
              <SubmitButton variant="secondary" pendingLabel={form("pending")}>
                {t("unblock")}
                <span className="sr-only"> {name}</span>
              </SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
    </Section>
  );
}
