import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getMeeting, type Meeting, type RollRow } from "@/lib/services/tontines/views/get-meeting";
import { EmptyState } from "@/lib/ui/empty-state";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { DueBadge } from "../../due-badge";
import { formatDue } from "../../format-due";
import { nullWithoutOffice } from "../../null-without-office";
import { TontinePage } from "../../tontine-page";

interface MeetingPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineMeeting") };
}

/** The roll of a meeting, for officers: what each has paid and owes, and a link to pay for somebody who brought notes. */
export default safePage(async function MeetingPage({ params }: MeetingPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const meeting = await nullWithoutOffice(nullIfNotFound(getMeeting(await currentContext(), code)));
  if (!meeting) return missingPage();
  const t = await getTranslations("tontineBooks.meeting");
  const { turn } = meeting;
  if (!turn) {
    return (
      <TontinePage tontine={meeting} width="text" title={t("heading")}>
        <EmptyState
          title={t("empty")}
          text={t("emptyText")}
          action={{ href: localizedPath(locale, `/tontines/${meeting.code}`), label: t("toGroup") }}
        />
      </TontinePage>
    );
  }
  return (
    <TontinePage
      tontine={meeting}
      width="text"
      title={t("heading")}
      lead={t("lead", { turn: turn.number, when: await formatDue(turn.dueAt, locale, meeting.zone) })}
    >
      <ReceiptRows
        rows={[
          { label: t("paid"), value: formatMoney(meeting.paid, locale), strong: true },
          { label: t("open"), value: formatMoney(meeting.open, locale) },
        ]}
      />
      <Section heading={t("roll")}>
        <p className="mt-1 text-sm text-muted">{t("notes")}</p>
        <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
          {meeting.roll.map((row) => (
            <li key={row.memberId} className="py-3">
              <Row row={row} meeting={meeting} />
            </li>
          ))}
        </ul>
      </Section>
    </TontinePage>
  );
});

async function Row({ row, meeting }: { row: RollRow; meeting: Meeting }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.meeting")]);
  const isLate = row.dues.some((due) => due.isLate);
  const state = row.dues.length === 0 ? "paid" : isLate ? "late" : "awaited";
  const query = row.isMe ? "" : `?for=${row.memberId}`;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 font-semibold">{row.isMe ? t("you") : <bdi>{row.name}</bdi>}</span>
        <DueBadge state={state} />
      </div>
      <p className="text-sm text-muted">
        {t("paidOf", { amount: formatMoney(row.paid, locale) })}
        {row.dues.length > 0 && ` · ${t("openOf", { amount: formatMoney(row.open, locale) })}`}
        {!row.hasAccount && ` · ${t("noAccount")}`}
      </p>
      {row.dues.length > 0 && (
        <a
          href={localizedPath(locale, `/tontines/${meeting.code}/pay`) + query}
          className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
        >
          {t(row.isMe ? "payOwn" : "payFor", { amount: formatMoney(row.open, locale) })}
        </a>
      )}
    </>
  );
}
