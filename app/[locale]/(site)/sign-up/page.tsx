import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { landingPath, nextOf, type Query, withNext } from "@/lib/next/next-path";
import { currentUser } from "@/lib/next/session";
import { isPhoneSignUp } from "@/lib/services/identity/contacts/is-contact-available";
import { PASSWORD_LENGTH_MIN, PHONE_PASSWORD_LENGTH_MIN } from "@/lib/services/identity/users/password";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { phoneCountryChoice } from "../../phone-country";
import { safePage } from "../../safe-page";
import { GoogleSection } from "../sign-in/google-section";
import { SignUpForm } from "./sign-up-form.client";

interface SignUpPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("signUp") };
}

/** Creates an account with its wallet, and signs the person in. */
export default safePage(async function SignUpPage({ searchParams }: SignUpPageProps) {
  const [locale, query] = await Promise.all([getLocale(), searchParams]);
  const next = nextOf(query);
  if (await currentUser()) redirect(landingPath(locale, next ?? undefined));
  const byPhone = isPhoneSignUp();
  const [t, words, choice] = await Promise.all([
    getTranslations("signUp"),
    formWords(byPhone),
    phoneCountryChoice(null),
  ]);
  return (
    <PageShell area="site" width="form">
      <PageHeading title={t("heading")} lead={t(byPhone ? "leadByPhone" : "lead")} />
      <SignUpForm
        next={next}
        byPhone={byPhone}
        passwordLengthMin={passwordMinOf(byPhone)}
        {...choice}
        words={words}
      />
      <GoogleSection next={next} />
      <p className="mt-6 text-center">
        <span className="text-muted">{t("hasAccount")}</span>{" "}
        <a
          href={withNext(localizedPath(locale, "/sign-in"), next)}
          className="inline-flex min-h-11 items-center font-semibold text-link underline underline-offset-4"
        >
          {t("signIn")}
        </a>
      </p>
    </PageShell>
  );
});

const passwordMinOf = (byPhone: boolean) => (byPhone ? PHONE_PASSWORD_LENGTH_MIN : PASSWORD_LENGTH_MIN);

async function formWords(byPhone: boolean) {
  const min = passwordMinOf(byPhone);
  const [t, form, fields] = await Promise.all([
    getTranslations("signUp"),
    getTranslations("form"),
    getTranslations("fields"),
  ]);
  return {
    firstName: t("firstName"),
    nameRequired: fields("first_name_required"),
    lastName: t("lastName"),
    optional: form("optional"),
    email: t("email"),
    emailHint: t("emailHint"),
    emailInvalid: fields("email_invalid"),
    country: form("country"),
    phone: t("phone"),
    phoneHint: t(byPhone ? "phoneCodeHint" : "phoneHint"),
    phoneInvalid: fields("phone_invalid"),
    password: t("password"),
    passwordHint: byPhone
      ? t("passwordHintByPhone", { min, without: PASSWORD_LENGTH_MIN })
      : t("passwordHint", { min }),
    passwordTooShort: fields("password_too_short", { min }),
    submit: t("submit"),
    pending: form("pending"),
  };
}
