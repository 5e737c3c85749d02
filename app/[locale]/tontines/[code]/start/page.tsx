import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getSummary, type SummaryView } from "@/lib/services/tontines/views/get-summary";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Notice } from "@/lib/ui/notice";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { beginTontine, endTontine } from "../../actions";
import { formatDue } from "../../format-due";
import { TontinePage } from "../../tontine-page";

interface StartPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineStart") };
}

/** The order of the turns for the last time, then the chair's PIN; the founder may also give the group up. */
export default safePage(async function StartPage({ params }: StartPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const tontine = await nullIfNotFound(getSummary(await currentContext(), code));
  if (!tontine) return missingPage();
  const isOpen = ["draft", "inviting", "agreed"].includes(tontine.state);
  if (!isOpen) redirect(localizedPath(locale, `/tontines/${tontine.code}`));
  const t = await getTranslations("tontines.start");
  return (
    <TontinePage tontine={tontine} width="form" hasBar={false} title={t("heading")} lead={t("lead")}>
      <Order tontine={tontine} />
      <div className="mt-5">
        {tontine.state === "agreed" ? (
          <PinEntry
            name="start-tontine"
            action={beginTontine}
            hidden={{ code: tontine.code }}
            path={`/tontines/${tontine.code}/start`}
            submit={t("submit")}
          />
        ) : (
          <Notice tone="waiting">{t("notYet")}</Notice>
        )}
      </div>
      {tontine.isFounder && <GiveUp code={tontine.code} />}
    </TontinePage>
  );
});

async function Order({ tontine }: { tontine: SummaryView }) {
  const locale = await getLocale();
  const days = await Promise.all(tontine.turns.map(({ dueAt }) => formatDue(dueAt, locale, tontine.zone)));
  return (
    <ol className="divide-y divide-line rounded-card border border-line bg-card px-5">
      {tontine.turns.map(({ number, receivers }, index) => (
        <li key={number} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
          <span className="min-w-0 font-semibold">
            {number}. <bdi>{receivers.map(({ name }) => name).join(", ") || "–"}</bdi>
          </span>
          <span className="text-sm text-muted">{days[index]}</span>
        </li>
      ))}
    </ol>
  );
}

async function GiveUp({ code }: { code: string }) {
  const [t, form] = await Promise.all([getTranslations("tontines.start"), getTranslations("form")]);
  return (
    <Section heading={t("cancelHeading")}>
      <p className="mt-1 mb-3 text-muted">{t("cancelText")}</p>
      <ActionForm name="cancel-tontine" action={endTontine} hidden={{ code }}>
        <SubmitButton wide variant="secondary" pendingLabel={form("pending")}>
          {t("cancel")}
        </SubmitButton>
      </ActionForm>
    </Section>
  );
}
