import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { landingPath, nextOf, type Query, withNext } from "@/lib/next/next-path";
import { currentUser } from "@/lib/next/session";
import { startedSignUpId } from "@/lib/next/sign-up-cookie";
import { formatPhone } from "@/lib/phone";
import { isContactAvailable } from "@/lib/services/identity/contacts/is-contact-available";
import { getStartedSignUp, type StartedSignUp } from "@/lib/services/identity/users/started-sign-up";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { Card } from "@/lib/ui/card";
import { CodeForm } from "@/lib/ui/code-form.client";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../../safe-page";
import { confirmCode, resendCode, sendCodeByEmail, startNewAccount } from "./actions";

interface CodePageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("signUpCode") };
}

/** Asks for the code that was sent to the number or address of a sign-up, and what to do with a number of an older account. */
export default safePage(async function SignUpCodePage({ searchParams }: CodePageProps) {
  const [locale, query] = await Promise.all([getLocale(), searchParams]);
  const next = nextOf(query);
  if (await currentUser()) redirect(landingPath(locale, next ?? undefined));
  const started = await getStartedSignUp(await currentContext(), await startedSignUpId());
  if (started === null) redirect(withNext(localizedPath(locale, "/sign-up"), next));
  return (
    <PageShell area="site" width="form">
      {started.isProven ? (
        <OlderAccount started={started} next={next} />
      ) : (
        <CodeEntry started={started} next={next} isSent={query.sent !== undefined} />
      )}
    </PageShell>
  );
});

interface StartedProps {
  started: StartedSignUp;
  next: string | null;
}

const hiddenOf = (next: string | null) => (next === null ? {} : { next });
const shownContact = ({ contact }: StartedSignUp) =>
  contact.kind === "phone" ? formatPhone(contact.value) : contact.value;

async function CodeEntry({ started, next, isSent }: StartedProps & { isSent: boolean }) {
  const [locale, t, form, tSignUp] = await Promise.all([
    getLocale(),
    getTranslations("codes"),
    getTranslations("form"),
    getTranslations("signUp"),
  ]);
  const { kind } = started.contact;
  return (
    <>
      <PageHeading
        title={t(`heading.${kind}`)}
        lead={t(`lead.${kind}`, { contact: shownContact(started) })}
        back={{
          href: withNext(localizedPath(locale, "/sign-up"), next),
          label: t(`change.${kind}`),
        }}
      />
      {isSent && (
        <Notice tone="good" live>
          {t("sentAgain")}
        </Notice>
      )}
      <CodeForm
        name="confirm-sign-up-code"
        action={confirmCode}
        hidden={hiddenOf(next)}
        words={{ code: t("code"), hint: t("hint"), submit: tSignUp("submit"), pending: form("pending") }}
      />
      <div className="mt-6">
        <ActionForm name="resend-sign-up-code" action={resendCode} hidden={hiddenOf(next)}>
          <p className="mb-2 text-muted">{t("notReceived")}</p>
          <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
            {t("resend")}
          </SubmitButton>
        </ActionForm>
      </div>
      {kind === "phone" && <OtherWay started={started} next={next} />}
    </>
  );
}

/** For a number whose SMS doesn't come. */
async function OtherWay({ started, next }: StartedProps) {
  if (!isContactAvailable("email")) return null;
  const [t, form] = await Promise.all([getTranslations("codes"), getTranslations("form")]);
  return (
    <Card className="mt-6">
      <FieldsForm
        id="other"
        name="sign-up-code-by-email"
        action={sendCodeByEmail}
        hidden={hiddenOf(next)}
        summary={t("byEmail")}
        variant="secondary"
        fields={[{ name: "email", label: t("email"), value: started.email ?? "", kind: "email" }]}
        note={<p className="text-muted">{t("byEmailNote")}</p>}
        words={{ submit: t("sendByEmail"), pending: form("pending"), amountReasons: {} }}
      />
    </Card>
  );
}

async function OlderAccount({ started, next }: StartedProps) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  const { kind } = started.contact;
  return (
    <>
      <PageHeading
        title={t(`older.heading.${kind}`)}
        lead={t(`older.lead.${kind}`, { contact: shownContact(started) })}
      />
      <ButtonLink wide href={withNext(localizedPath(locale, "/sign-in"), next)}>
        {t("older.signIn")}
      </ButtonLink>
      <p className="mt-8 mb-3">{t(`older.newText.${kind}`)}</p>
      <ActionForm name="start-new-account" action={startNewAccount} hidden={hiddenOf(next)}>
        <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
          {t(`older.startNew.${kind}`)}
        </SubmitButton>
      </ActionForm>
    </>
  );
}
