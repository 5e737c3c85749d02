import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { getTotpStatus, type TotpStatus } from "@/lib/services/identity/totp/get-totp-status";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { QrCode } from "@/lib/ui/qr-code";
import type { FormField } from "@/lib/ui/typed-field";
import { safePage } from "../../../safe-page";
import { disableTotp, startTotp } from "./actions";
import { ConfirmTotpForm } from "./confirm-totp-form.client";

const SETTINGS = "/wallet/settings";

interface TotpPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("totp") };
}

/** Switches the second step of signing in on and off. */
export default safePage(async function TotpPage({ searchParams }: TotpPageProps) {
  const [locale, { saved }] = await Promise.all([getLocale(), searchParams]);
  await requireUserOrRedirect(locale);
  const [t, form, shell, status] = await Promise.all([
    getTranslations("totp"),
    getTranslations("form"),
    getTranslations("shell"),
    getTotpStatus(await currentContext()),
  ]);
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, SETTINGS), label: shell("back") }}
      />
      {saved === "off" && (
        <Notice tone="good" live>
          {t("disabled")}
        </Notice>
      )}
      {status.state === "off" && <SwitchOn isAvailable={status.isAvailable} />}
      {status.state === "pending" && <NewSecret status={status} />}
      {/* Also once it is on: the page that answers the form shows the recovery codes in its place, with or without a script. */}
      <ConfirmTotpForm
        isAsked={status.state === "pending"}
        back={localizedPath(locale, SETTINGS)}
        words={{
          code: t("code"),
          codeHint: t("firstCodeHint"),
          submit: t("confirm"),
          pending: form("pending"),
          done: t("enabled"),
          recovery: t("recovery"),
          back: shell("back"),
        }}
      />
      {status.state === "on" && <SwitchOff status={status} />}
    </PageShell>
  );
});

async function passwordField(): Promise<FormField> {
  const pin = await getTranslations("pin");
  return { name: "password", label: pin("password"), kind: "secret" };
}

async function SwitchOn({ isAvailable }: { isAvailable: boolean }) {
  const [t, form] = await Promise.all([getTranslations("totp"), getTranslations("form")]);
  if (!isAvailable) return <p className="text-muted">{t("noPassword")}</p>;
  return (
    <FieldsForm
      id="totp"
      name="start-totp"
      action={startTotp}
      hidden={{}}
      fields={[await passwordField()]}
      words={{ submit: t("start"), pending: form("pending"), amountReasons: {} }}
    />
  );
}

/** What the app is given: a QR code, and the same in letters. */
async function NewSecret({ status }: { status: Extract<TotpStatus, { state: "pending" }> }) {
  const t = await getTranslations("totp");
  return (
    <>
      <p>{t("scan")}</p>
      <div className="my-4 max-w-64">
        <QrCode text={status.uri} label={t("qrLabel")} />
      </div>
      <p className="text-muted">{t("secret")}</p>
      <p className="mb-5 font-mono wrap-anywhere select-all">{status.secret}</p>
    </>
  );
}

async function SwitchOff({ status }: { status: Extract<TotpStatus, { state: "on" }> }) {
  const [locale, t, form, zone] = await Promise.all([
    getLocale(),
    getTranslations("totp"),
    getTranslations("form"),
    viewerTimeZone(),
  ]);
  const code: FormField = { name: "code", label: t("code"), hint: t("codeHint"), maxLength: 40 };
  return (
    <>
      <Notice>
        {t("isOn", { time: formatDateTime(status.since, locale, zone), count: status.recoveryCodesLeft })}
      </Notice>
      <FieldsForm
        id="totp"
        name="disable-totp"
        action={disableTotp}
        hidden={{}}
        fields={[await passwordField(), code]}
        variant="secondary"
        words={{ submit: t("disable"), pending: form("pending"), amountReasons: {} }}
      />
    </>
  );
}
