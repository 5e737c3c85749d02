import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getNoticeChoices, type NoticeChoices } from "@/lib/services/notice-delivery/get-notice-choices";
import { pushPublicKey } from "@/lib/services/notice-delivery/push-subscriptions";
import { ActionForm } from "@/lib/ui/action-form.client";
import { CheckRow } from "@/lib/ui/check-row";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../../safe-page";
import { saveNoticeChoices, subscribePush, unsubscribePush } from "./actions";
import { PushSwitch } from "./push-switch.client";

interface NoticeSettingsPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("noticeSettings") };
}

/** Where the person hears what, and push messages for this browser. */
export default safePage(async function NoticeSettingsPage({ searchParams }: NoticeSettingsPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const [t, shell, choices, { saved }] = await Promise.all([
    getTranslations("noticeSettings"),
    getTranslations("shell"),
    getNoticeChoices(context),
    searchParams,
  ]);
  const publicKey = pushPublicKey();
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/settings"), label: shell("back") }}
      />
      {saved !== undefined && (
        <Notice tone="good" live>
          {t("saved")}
        </Notice>
      )}
      {choices.channels.length === 0 ? (
        <Notice tone="info">{t("none")}</Notice>
      ) : (
        <ChoicesForm choices={choices} />
      )}
      {publicKey !== null && <PushSettings publicKey={publicKey} isOn={choices.isPushOn} />}
    </PageShell>
  );
});

async function ChoicesForm({ choices }: { choices: NoticeChoices }) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("noticeSettings"),
    getTranslations("form"),
  ]);
  const missing = choices.channels.filter(({ isReachable }) => !isReachable);
  return (
    <>
      <p className="mb-3 text-sm text-muted">{t("quiet")}</p>
      {missing.length > 0 && (
        <Notice tone="info">
          {missing.map(({ channel }) => (
            <p key={channel}>{t(`unreachable.${channel}`)}</p>
          ))}
          {missing.some(({ channel }) => channel !== "push") && (
            <a
              href={localizedPath(locale, "/wallet/settings")}
              className="inline-flex min-h-11 items-center underline underline-offset-4"
            >
              {t("contacts")}
            </a>
          )}
        </Notice>
      )}
      <ActionForm name="save-notice-choices" action={saveNoticeChoices}>
        <div className="mb-5 rounded-card border border-line bg-card px-4">
          {choices.groups.map(({ group, boxes }) => (
            <CheckRow
              key={group}
              legend={t(`groups.${group}`)}
              note={boxes.some(({ isFixed }) => isFixed) ? t("fixed") : undefined}
              checks={boxes.map(({ channel, isOn, isFixed }) => ({
                name: `${group}.${channel}`,
                label: t(`channels.${channel}`),
                checked: isOn,
                isFixed,
              }))}
            />
          ))}
        </div>
        <SubmitButton wide pendingLabel={form("pending")}>
          {t("submit")}
        </SubmitButton>
      </ActionForm>
    </>
  );
}

async function PushSettings({ publicKey, isOn }: { publicKey: string; isOn: boolean }) {
  const [t, form] = await Promise.all([getTranslations("noticeSettings.push"), getTranslations("form")]);
  return (
    <Section heading={t("heading")}>
      <p className="mt-1 mb-3 text-muted">{t(isOn ? "isOn" : "text")}</p>
      {isOn ? (
        <ActionForm name="unsubscribe-push" action={unsubscribePush}>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t("off")}
          </SubmitButton>
        </ActionForm>
      ) : (
        <>
          <noscript>
            <p className="text-sm text-muted">{t("noScript")}</p>
          </noscript>
          <PushSwitch
            action={subscribePush}
            publicKey={publicKey}
            words={{
              on: t("on"),
              denied: t("denied"),
              failed: t("failed"),
              pending: form("pending"),
            }}
          />
        </>
      )}
    </Section>
  );
}
