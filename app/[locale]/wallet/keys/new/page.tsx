import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getPinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { KeyForm } from "../key-form.client";
import { keyFormProps } from "../key-form-props";
import { KeyPinNotice, keyPinWords } from "../key-pin";

const PATH = "/wallet/keys/new";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("keyNew") };
}

/** The form for a new key; its answer shows the key once. */
export default safePage(async function NewKeyPage() {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, shell, status] = await Promise.all([
    getTranslations("keys"),
    getTranslations("shell"),
    getPinStatus(await currentContext()),
  ]);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("new.heading")}
        back={{ href: localizedPath(locale, "/wallet/keys"), label: shell("back") }}
      />
      <KeyPinNotice status={status} path={PATH} />
      <KeyForm
        {...(await keyFormProps(t("new.submit")))}
        formKey={newKey()}
        pin={await keyPinWords(status, false)}
      />
    </PageShell>
  );
});
