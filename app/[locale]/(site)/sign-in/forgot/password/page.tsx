import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { recoveryCookie } from "@/lib/next/recovery-cookie";
import { currentDevice } from "@/lib/next/session";
import { siteContact } from "@/lib/next/site-contact";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { getRecovery, type ProvenRecovery } from "@/lib/services/identity/recovery/get-recovery";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Card } from "@/lib/ui/card";
import { CodeForm } from "@/lib/ui/code-form.client";
import { ContactLinks } from "@/lib/ui/contact-links";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import type { FormField } from "@/lib/ui/typed-field";
import { safePage } from "../../../../safe-page";
import { confirmSecondCode, recoverPassword, sendSecondCode } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("forgot") };
}

/** After the right code: what else shows whose the account is, and the new password. */
export default safePage(async function RecoveryPasswordPage() {
  const locale = await getLocale();
  const [context, recoveryId, device] = await Promise.all([
    currentContext(),
    recoveryCookie.read(),
    currentDevice(),
  ]);
  const recovery = await getRecovery(context, recoveryId, device);
  if (recovery === null) redirect(`${localizedPath(locale, "/sign-in/forgot")}?over=1`);
  if (recovery.status === "code") redirect(localizedPath(locale, "/sign-in/forgot/code"));
  const t = await getTranslations("recovery");
  const { isEnough, takesPin, takesNothing } = recovery;
  return (
    <PageShell area="site" width="form">
      <PageHeading
        title={t("passwordHeading")}
        lead={t("passwordLead", { name: recovery.firstName })}
        back={{ href: localizedPath(locale, "/sign-in"), label: t("back") }}
      />
      {isEnough || takesPin || takesNothing ? (
        <NewPassword recovery={recovery} />
      ) : (
        <NotEnough recovery={recovery} />
      )}
      {!isEnough && <OtherCode recovery={recovery} />}
    </PageShell>
  );
});

interface RecoveryProps {
  recovery: ProvenRecovery;
}

async function NewPassword({ recovery }: RecoveryProps) {
  const { isEnough, takesPin, takesNothing, stopHours: hours, passwordMin: min } = recovery;
  const [t, form] = await Promise.all([getTranslations("recovery"), getTranslations("form")]);
  const pin: FormField = {
    name: "pin",
    label: t("pin"),
    kind: "pin",
    hint: takesNothing ? t("pinOrStop", { hours }) : t("pinHint"),
    ...(takesNothing && { optional: form("optional") }),
  };
  const isStopped = !isEnough && !takesPin;
  return (
    <>
      <Locked recovery={recovery} />
      <FieldsForm
        id="recover"
        name="recover-password"
        action={recoverPassword}
        hidden={{}}
        fields={[
          { name: "password", label: t("password"), kind: "new_password", hint: t("passwordHint", { min }) },
          ...(!isEnough && takesPin ? [pin] : []),
        ]}
        note={<p className="text-muted">{isStopped ? t("stopped", { hours }) : t("limited")}</p>}
        words={{ submit: t("save"), pending: form("pending"), amountReasons: {} }}
      />
    </>
  );
}

async function Locked({ recovery: { isEnough, pinLockedUntil } }: RecoveryProps) {
  if (isEnough || pinLockedUntil === null) return null;
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("recovery"), viewerTimeZone()]);
  return <Notice tone="bad">{t("locked", { until: formatDateTime(pinLockedUntil, locale, zone) })}</Notice>;
}

/** Where the code is all there is: who only holds a number never gets the wallet of the one who had it before. */
async function NotEnough({ recovery }: RecoveryProps) {
  const t = await getTranslations("recovery");
  return (
    <>
      <Locked recovery={recovery} />
      <Notice tone="bad">{t(recovery.other ? "notYet" : "notEnough")}</Notice>
      {!recovery.other && <ContactLinks contact={siteContact()} />}
    </>
  );
}

async function OtherCode({ recovery: { other } }: RecoveryProps) {
  if (other === null) return null;
  const [t, codes, form] = await Promise.all([
    getTranslations("recovery"),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  const { kind, isSent } = other;
  return (
    <Card className="mt-6 p-4">
      <p className="mb-3">{t(isSent ? `otherSent.${kind}` : `otherText.${kind}`)}</p>
      {isSent && (
        <CodeForm
          name="confirm-second-code"
          action={confirmSecondCode}
          words={{ code: codes("code"), hint: codes("hint"), submit: t("next"), pending: form("pending") }}
        />
      )}
      <div className={isSent ? "mt-3" : ""}>
        <ActionForm name="send-second-code" action={sendSecondCode}>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t(isSent ? "otherAgain" : `other.${kind}`)}
          </SubmitButton>
        </ActionForm>
      </div>
    </Card>
  );
}
