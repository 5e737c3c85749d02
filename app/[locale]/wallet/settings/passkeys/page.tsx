import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { type Query, withNext } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { requirePerson } from "@/lib/services/context";
import { ownerSecretsOf } from "@/lib/services/identity/contacts/confirm-owner";
import { listPasskeys, type PasskeyView } from "@/lib/services/identity/passkeys/list-passkeys";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { safePage } from "../../../safe-page";
import { removePasskey } from "./actions";
import { AddPasskeyForm } from "./add-passkey-form.client";

const PATH = "/wallet/settings/passkeys";

interface PasskeysPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("passkeys") };
}

/** The person's passkeys, each with a button that removes it, and a form for a new one. */
export default safePage(async function PasskeysPage({ searchParams }: PasskeysPageProps) {
  const [locale, { saved }] = await Promise.all([getLocale(), searchParams]);
  await requireUserOrRedirect(locale);
  const [t, shell, passkeys] = await Promise.all([
    getTranslations("passkeys"),
    getTranslations("shell"),
    listPasskeys(await currentContext()),
  ]);
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/settings"), label: shell("back") }}
      />
      {(saved === "added" || saved === "removed") && (
        <Notice tone="good" live>
          {t(saved)}
        </Notice>
      )}
      {passkeys.length === 0 ? (
        <p className="text-muted">{t("none")}</p>
      ) : (
        <ul className="divide-y divide-line rounded-card border border-line bg-card">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      <Section heading={t("addHeading")}>
        <AddPasskey />
      </Section>
    </PageShell>
  );
});

async function PasskeyRow({ passkey }: { passkey: PasskeyView }) {
  const [locale, t, form, zone] = await Promise.all([
    getLocale(),
    getTranslations("passkeys"),
    getTranslations("form"),
    viewerTimeZone(),
  ]);
  const { id, name, createdAt, lastUsedAt } = passkey;
  const time = (at: Date) => formatDateTime(at, locale, zone);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 grow">
        <p className="font-semibold">{name}</p>
        <p className="text-sm text-muted">{t("since", { time: time(createdAt) })}</p>
        {lastUsedAt && <p className="text-sm text-muted">{t("lastUsed", { time: time(lastUsedAt) })}</p>}
      </div>
      <ActionForm name="remove-passkey" action={removePasskey} hidden={{ passkeyId: id }}>
        <SubmitButton
          variant="link"
          className="-mx-5"
          pendingLabel={form("pending")}
          aria-label={t("removeNamed", { name })}
        >
          {t("remove")}
        </SubmitButton>
      </ActionForm>
    </li>
  );
}

async function AddPasskey() {
  const context = await currentContext();
  const [locale, t, form, pin, { hasPin, hasPassword }] = await Promise.all([
    getLocale(),
    getTranslations("passkeys"),
    getTranslations("form"),
    getTranslations("pin"),
    ownerSecretsOf(context, requirePerson(context)),
  ]);
  if (!hasPin && !hasPassword) {
    return (
      <>
        <p className="mt-1 mb-3 text-muted">{t("needsPin")}</p>
        <ButtonLink
          variant="secondary"
          wide
          href={withNext(localizedPath(locale, "/wallet/settings/pin"), PATH)}
        >
          {pin("heading")}
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <p className="mt-1 mb-3 text-muted">{t("addText")}</p>
      <AddPasskeyForm
        secret={hasPin ? "pin" : "password"}
        words={{
          secret: pin(hasPin ? "label" : "password"),
          submit: t("add"),
          pending: form("pending"),
          cancelled: t("cancelled"),
        }}
        otherwise={<Notice>{t("needsScript")}</Notice>}
      />
    </>
  );
}
