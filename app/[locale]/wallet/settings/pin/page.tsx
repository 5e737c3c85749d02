import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { landingPath, nextOf, type Query, withNext } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getPinStatus, type PinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { findPinReset } from "@/lib/services/identity/pin/resets/get-pin-reset";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { ForgotLink, LockedPin } from "../../pin-confirmation";
import { ForgottenPin } from "./forgotten-pin";
import { SetPinForm } from "./set-pin-form.client";
import { WaitingPin } from "./waiting-pin";

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
      <NewPin status={status} next={next} query={query} />
    </PageShell>
  );
});

/** The form that fits: for a first PIN, another one, a forgotten one, or what can be done while a new one waits. */
async function NewPin({ status, next, query }: { status: PinStatus; next: string | null; query: Query }) {
  if (status.version === "") return <Form status={status} next={next} proof={null} />;
  const reset = await findPinReset(await currentContext());
  if (reset) return <WaitingPin effectiveAt={reset.effectiveAt} />;
  if (status.isSet && query.forgot === undefined) return <ChangePin status={status} next={next} />;
  return <ForgottenPin challengeId={textOf(query.challenge)} sentTo={textOf(query.to)} />;
}

const textOf = (value: Query[string]) => (typeof value === "string" ? value : "");

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
  proof: "currentPin" | null;
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
        pin: t("new"),
        pinHint: t("newHint"),
        pinAgain: t("again"),
        submit: t("submit"),
        pending: form("pending"),
      }}
    />
  );
}
