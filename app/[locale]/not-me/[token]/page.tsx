import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { siteContact } from "@/lib/next/site-contact";
import { ALARM_STOP_HOURS } from "@/lib/services/identity/contacts/alarm-policy";
import { findContactAlarm } from "@/lib/services/identity/contacts/report-contact-change";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { ContactLinks } from "@/lib/ui/contact-links";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../safe-page";
import { stopMoney } from "./actions";

interface NotMePageProps {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("notMe"), robots: { index: false } };
}

/** Where the link in a message to a former number or address leads: its owner stops money going out. */
export default safePage(async function NotMePage({ params }: NotMePageProps) {
  const [{ token }, t, form] = await Promise.all([params, getTranslations("notMe"), getTranslations("form")]);
  const alarm = await findContactAlarm(await currentContext(), token);
  const hours = ALARM_STOP_HOURS;
  if (alarm === null || alarm.isUsed) return <AfterAlarm isStopped={alarm !== null} />;
  return (
    <PageShell area="site" width="form">
      <PageHeading title={t(`heading.${alarm.contact}`)} lead={t("lead")} />
      <p className="mb-4">{t("what", { hours })}</p>
      <ActionForm name="stop-money" action={stopMoney} hidden={{ alarm: token }}>
        <SubmitButton wide pendingLabel={form("pending")}>
          {t("submit")}
        </SubmitButton>
      </ActionForm>
      <p className="mt-4 text-muted">{t("wasMe")}</p>
    </PageShell>
  );
});

async function AfterAlarm({ isStopped }: { isStopped: boolean }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("notMe")]);
  return (
    <PageShell area="site" width="form">
      <PageHeading title={t(isStopped ? "stoppedHeading" : "overHeading")} />
      <Notice tone={isStopped ? "good" : "bad"} live={isStopped}>
        {isStopped ? t("stopped", { hours: ALARM_STOP_HOURS }) : t("over")}
      </Notice>
      <ContactLinks contact={siteContact()} />
      <div className="mt-5">
        <ButtonLink variant="secondary" wide href={localizedPath(locale, "/sign-in/forgot")}>
          {t("recover")}
        </ButtonLink>
      </div>
    </PageShell>
  );
}
