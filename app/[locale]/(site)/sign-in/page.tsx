import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { landingPath, nextOf, type Query, withNext } from "@/lib/next/next-path";
import { currentUser } from "@/lib/next/session";
import { isPhoneSignUp } from "@/lib/services/identity/contacts/is-contact-available";
import { findDemoAccount } from "@/lib/services/identity/users/demo-account";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { PasskeyForm } from "@/lib/ui/passkey-form.client";
import { phoneCountryChoice } from "../../phone-country";
import { safePage } from "../../safe-page";
import { signInWithPasskey, startPasskeySignIn } from "./actions";
import { GoogleSection } from "./google-section";
import { SignInForm } from "./sign-in-form.client";

/** The values of `?error=` that a refused sign-in comes back with. */
const SIGN_IN_ERRORS = [
  "invalid_credentials",
  "email_taken",
  "email_unverified",
  "rate_limited",
  "unavailable",
  "internal",
] as const;

interface SignInPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("signIn") };
}

/** Phone number or e-mail address with the password, or Google; then to `?next=` or to the wallet. */
export default safePage(async function SignInPage({ searchParams }: SignInPageProps) {
  const [locale, query] = await Promise.all([getLocale(), searchParams]);
  const next = nextOf(query);
  const isForOther = query.otherAccount !== undefined;
  if (!isForOther && (await currentUser())) redirect(landingPath(locale, next ?? undefined));
  const [t, passkeys, form, fields, countries, { country }] = await Promise.all([
    getTranslations("signIn"),
    getTranslations("passkeys"),
    getTranslations("form"),
    getTranslations("fields"),
    getTranslations("countries"),
    phoneCountryChoice(null),
  ]);
  const byPhone = isPhoneSignUp();
  return (
    <PageShell area="site" width="form">
      <PageHeading title={t("heading")} lead={t("lead")} />
      <ReasonNotice query={query} />
      <DemoNotice />
      <SignInForm
        next={next}
        byPhone={byPhone}
        phoneCountry={country}
        words={{
          identifier: t(byPhone ? "identifier" : "email"),
          identifierHint: t("identifierHint", { country: countries(country) }),
          identifierInvalid: fields(byPhone ? "identifier_invalid" : "email_invalid"),
          password: t("password"),
          submit: t("submit"),
          pending: form("pending"),
        }}
      />
      <p className="mt-2 text-center">
        <a
          href={localizedPath(locale, "/sign-in/forgot")}
          className="inline-flex min-h-11 items-center underline underline-offset-4"
        >
          {t("forgot")}
        </a>
      </p>
      <div className="mt-3">
        <PasskeyForm
          name="sign-in-with-passkey"
          passkey={{ kind: "get", start: startPasskeySignIn }}
          finish={signInWithPasskey}
          hidden={next === null ? {} : { next }}
          words={{
            submit: passkeys("signIn"),
            pending: form("pending"),
            cancelled: passkeys("cancelled"),
          }}
        />
      </div>
      <GoogleSection next={next} />
      <p className="mt-6 text-center">
        <span className="text-muted">{t("noAccount")}</span>{" "}
        <a
          href={withNext(localizedPath(locale, "/sign-up"), next)}
          className="inline-flex min-h-11 items-center font-semibold text-link underline underline-offset-4"
        >
          {t("signUp")}
        </a>
      </p>
    </PageShell>
  );
});

/** Why the person was sent here, as the query says. */
async function ReasonNotice({ query }: { query: Query }) {
  const [t, errors] = await Promise.all([getTranslations("signIn"), getTranslations("errors")]);
  if (query.error !== undefined) {
    const code = SIGN_IN_ERRORS.find((known) => known === query.error);
    return (
      <Notice tone="bad" live>
        {code ? errors(code) : t("googleFailed")}
      </Notice>
    );
  }
  if (query.otherAccount !== undefined) return <Notice live>{t("otherAccount")}</Notice>;
  if (query.recovered !== undefined) {
    return (
      <Notice tone="good" live>
        {t("recovered")}
      </Notice>
    );
  }
  if (query.signedOut !== undefined || query.signedUp !== undefined) {
    return (
      <Notice tone="good" live>
        {t(query.signedUp === undefined ? "signedOut" : "signedUp")}
      </Notice>
    );
  }
  return nextOf(query) === null ? null : <Notice>{t("required")}</Notice>;
}

/** The demo's account and password; rendered in demo mode only. */
async function DemoNotice() {
  const account = findDemoAccount();
  if (account === null) return null;
  const t = await getTranslations("signIn");
  return (
    <Notice>
      <p>{t("demo")}</p>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 wrap-anywhere">
        <dt className="text-muted">{t("email")}</dt>
        <dd className="font-semibold select-all">{account.email}</dd>
        <dt className="text-muted">{t("password")}</dt>
        <dd className="font-semibold select-all">{account.password}</dd>
        <dt className="text-muted">{t("pin")}</dt>
        <dd className="font-semibold select-all">{account.pin}</dd>
      </dl>
    </Notice>
  );
}
