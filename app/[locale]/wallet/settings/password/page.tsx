import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getPinRecovery } from "@/lib/services/identity/pin/get-pin-status";
import { getProfile } from "@/lib/services/identity/users/get-profile";
import { PASSWORD_LENGTH_MIN, PHONE_PASSWORD_LENGTH_MIN } from "@/lib/services/identity/users/password";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import type { FormField } from "@/lib/ui/typed-field";
import { safePage } from "../../../safe-page";
import { SignInAgain } from "../sign-in-again";
import { savePassword } from "./actions";

interface PasswordPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("password") };
}

/** Changes the password, or sets the first one right after signing in with Google. `?notMe=1` after a change that wasn't the person's. */
export default safePage(async function PasswordPage({ searchParams }: PasswordPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const [t, shell, profile, recovery, query] = await Promise.all([
    getTranslations("password"),
    getTranslations("shell"),
    getProfile(context),
    getPinRecovery(context),
    searchParams,
  ]);
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={t(profile.hasPassword ? "heading" : "headingFirst")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/settings"), label: shell("back") }}
      />
      {query.notMe !== undefined && (
        <Notice tone="good" live>
          {t("notMe")}
        </Notice>
      )}
      {recovery === "sign_in_again" ? (
        <SignInAgain text={t("signInAgain")} />
      ) : (
        <PasswordForm
          hasPassword={profile.hasPassword}
          min={profile.isPhoneVerified ? PHONE_PASSWORD_LENGTH_MIN : PASSWORD_LENGTH_MIN}
        />
      )}
    </PageShell>
  );
});

async function PasswordForm({ hasPassword, min }: { hasPassword: boolean; min: number }) {
  const [t, form] = await Promise.all([getTranslations("password"), getTranslations("form")]);
  const current: FormField = { name: "currentPassword", label: t("current"), kind: "secret" };
  return (
    <FieldsForm
      id="password"
      name="save-password"
      action={savePassword}
      hidden={{}}
      fields={[
        ...(hasPassword ? [current] : []),
        { name: "password", label: t("new"), kind: "new_password", hint: t("newHint", { min }) },
      ]}
      words={{ submit: t("save"), pending: form("pending"), amountReasons: {} }}
    />
  );
}
