import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Query } from "@/lib/next/next-path";
import { currentUser } from "@/lib/next/session";
import { siteContact } from "@/lib/next/site-contact";
import { isContactAvailable, isPhoneSignUp } from "@/lib/services/identity/contacts/is-contact-available";
import { ContactLinks } from "@/lib/ui/contact-links";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { phoneCountryChoice } from "../../../phone-country";
import { safePage } from "../../../safe-page";
import { forgotPassword } from "./actions";

interface ForgotPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("forgot") };
}

/** Asks for the number or address of an account whose password was forgotten. */
export default safePage(async function ForgotPage({ searchParams }: ForgotPageProps) {
  const [locale, query] = await Promise.all([getLocale(), searchParams]);
  if (await currentUser()) redirect(localizedPath(locale, "/wallet/settings/password"));
  const t = await getTranslations("recovery");
  return (
    <PageShell area="site" width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/sign-in"), label: t("back") }}
      />
      {query.over !== undefined && <Notice live>{t("over")}</Notice>}
      {isPhoneSignUp() || isContactAvailable("email") ? <WhoseForm /> : <Notice>{t("unavailable")}</Notice>}
      <div className="mt-6 text-muted">
        <p>{t("noContact")}</p>
        <ContactLinks contact={siteContact()} />
      </div>
    </PageShell>
  );
});

async function WhoseForm() {
  const [t, signIn, form, countries, { country }] = await Promise.all([
    getTranslations("recovery"),
    getTranslations("signIn"),
    getTranslations("form"),
    getTranslations("countries"),
    phoneCountryChoice(null),
  ]);
  const byPhone = isPhoneSignUp();
  const hint = byPhone ? { hint: signIn("identifierHint", { country: countries(country) }) } : {};
  return (
    <FieldsForm
      id="forgot"
      name="forgot-password"
      action={forgotPassword}
      hidden={{ phoneCountry: country }}
      fields={[
        {
          name: "identifier",
          label: signIn(byPhone ? "identifier" : "email"),
          kind: byPhone ? "identifier" : "email",
          ...hint,
        },
      ]}
      words={{ submit: t("submit"), pending: form("pending"), amountReasons: {} }}
    />
  );
}
