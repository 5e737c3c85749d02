import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { missingPage } from "../../../../missing-page";
import { safePage } from "../../../../safe-page";
import { KeyForm } from "../../key-form.client";
import { keyFormProps } from "../../key-form-props";

interface RenewKeyPageProps {
  params: Promise<{ keyId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("keyRenew") };
}

/** Renews an expired key. The verb refuses any other; the page shows the new key in place of the form. */
export default safePage(async function RenewKeyPage({ params }: RenewKeyPageProps) {
  const [locale, { keyId }] = await Promise.all([getLocale(), params]);
  await requireUserOrRedirect(locale, `/wallet/keys/renew/${keyId}`);
  const keys = await listApiKeys(await currentContext());
  const key = keys.find(({ id }) => id.toString() === keyId);
  if (!key) return missingPage();
  const [t, shell] = await Promise.all([getTranslations("keys"), getTranslations("shell")]);
  const permissions = key.permissions.map((name) => t(`permissions.${name}.label`)).join(", ");
  return (
    <PageShell width="form">
      <PageHeading
        title={t("renew.heading", { name: key.name })}
        lead={t("renew.lead", { words: permissions })}
        back={{ href: localizedPath(locale, "/wallet/keys"), label: shell("back") }}
      />
      <KeyForm {...(await keyFormProps(t("renew.submit")))} renewedKeyId={keyId} />
    </PageShell>
  );
});
