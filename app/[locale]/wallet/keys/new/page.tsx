import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { requireUserOrRedirect } from "@/lib/next/session";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { KeyForm } from "../key-form.client";
import { keyFormProps } from "../key-form-props";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("keyNew") };
}

/** The form for a new key; its answer shows the key once. */
export default safePage(async function NewKeyPage() {
  const locale = await getLocale();
  await requireUserOrRedirect(locale, "/wallet/keys/new");
  const [t, shell] = await Promise.all([getTranslations("keys"), getTranslations("shell")]);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("new.heading")}
        back={{ href: localizedPath(locale, "/wallet/keys"), label: shell("back") }}
      />
      <KeyForm {...(await keyFormProps(t("new.submit")))} />
    </PageShell>
  );
});
