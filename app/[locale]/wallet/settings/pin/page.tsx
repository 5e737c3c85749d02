import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { landingPath, nextOf, type Query, withNext } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getPinRecovery, getPinStatus, type PinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../../safe-page";
import { ForgotLink, LockedPin } from "../../pin-confirmation";
import { signOut } from "../actions";
import { SetPinForm } from "./set-pin-form.client";

interface PinPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/settings/pin";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("pin") };
}

/** Chooses a PIN, changes it, or replaces a forgotten one; then leads to `?next=`. */
export default safePage(async function PinPage({ searchParams }: PinPageProps) {
  const locale = await getLocale();
  const query = await searchParams;
  const next = nextOf(query);
  await requireUserOrRedirect(locale);
  const [t, shell, status] = await Promise.all([
    getTranslations("pin"),
    getTranslations("shell"),
    getPinStatus(await currentContext()),
  ]);
  const back = next === null ? localizedPath(locale, "/wallet/settings") : landingPath(locale, next);
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={t(status.isSet ? "headingChange" : "heading")}
        lead={t("lead")}
        back={{ href: back, label: shell("back") }}
      />
      {query.already !== undefined && (
        <Notice tone="good" live>
          {t("already")}
        </Notice>
      )}
      <NewPin status={status} next={next} isForgotten={query.forgot !== undefined} />
    </PageShell>
  );
});

/** The form, which asks for the current PIN or the account's password, except for a first PIN. */
async function NewPin(props: { status: PinStatus; next: string | null; isForgotten: boolean }) {
  const { status, next, isForgotten } = props;
  if (status.version === "") return <Form status={status} next={next} proof={null} />;
  if (status.isSet && !isForgotten) return <ChangePin status={status} next={next} />;
  const recovery = await getPinRecovery(await currentContext());
  if (recovery === "sign_in_again") return <SignInAgain />;
  return <Form status={status} next={next} proof={recovery === "password" ? "password" : null} />;
}

async function ChangePin({ status, next }: { status: PinStatus; next: string | null }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("pin")]);
  const path = withNext(localizedPath(locale, PATH), next);
  const forgotPath = `${path}${next === null ? "?" : "&"}forgot=1`;
  if (status.lockedUntil) return <LockedPin until={status.lockedUntil} forgotPath={forgotPath} />;
  return (
    <>
      <Form status={status} next={next} proof="currentPin" />
      <ForgotLink href={forgotPath} label={t("forgot")} />
    </>
  );
}

interface FormProps {
  status: PinStatus;
  next: string | null;
  proof: "currentPin" | "password" | null;
}

async function Form({ status, next, proof }: FormProps) {
  const [t, form] = await Promise.all([getTranslations("pin"), getTranslations("form")]);
  return (
    <SetPinForm
      proof={proof}
      version={status.version}
      next={next ?? ""}
      words={{
        currentPin: t("current"),
        password: t("password"),
        passwordHint: t("passwordHint"),
        pin: t("new"),
        pinHint: t("newHint"),
        pinAgain: t("again"),
        submit: t("submit"),
        pending: form("pending"),
      }}
    />
  );
}

/** For people without a password, who have to sign in again first. */
async function SignInAgain() {
  const [t, settings, form] = await Promise.all([
    getTranslations("pin"),
    getTranslations("settings"),
    getTranslations("form"),
  ]);
  return (
    <>
      <Notice>{t("signInAgain")}</Notice>
      <ActionForm name="sign-out" action={signOut}>
        <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
          {settings("signOut")}
        </SubmitButton>
      </ActionForm>
    </>
  );
}
