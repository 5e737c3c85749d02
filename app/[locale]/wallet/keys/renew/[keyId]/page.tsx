import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { movesMoneyOut } from "@/lib/services/api-access/keys/confirm-money-key";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { getPinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { missingPage } from "../../../../missing-page";
import { safePage } from "../../../../safe-page";
import { KeyForm } from "../../key-form.client";
import { keyFormProps } from "../../key-form-props";
import { KeyPinNotice, keyPinWords } from "../../key-pin";

interface RenewKeyPageProps {
  params: Promise<{ keyId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("keyRenew") };
}

/** Renews an expired key. The verb refuses any other; the page shows the new key in place of the form. */
export default safePage(async function RenewKeyPage({ params }: RenewKeyPageProps) {
  const [locale, { keyId }] = await Promise.all([getLocale(), params]);
  const path = `/wallet/keys/renew/${keyId}`;
  await requireUserOrRedirect(locale);
  const keys = await listApiKeys(await currentContext());
  const key = keys.find(({ id }) => id.toString() === keyId);
  if (!key) return missingPage();
  const [t, shell, status] = await Promise.all([
    getTranslations("keys"),
    getTranslations("shell"),
    movesMoneyOut(key.permissions) ? getPinStatus(await currentContext()) : null,
  ]);
  const permissions = key.permissions.map((name) => t(`permissions.${name}.label`)).join(", ");
  return (
    <PageShell width="form">
      <PageHeading
        title={<BidiText text={t("renew.heading", { name: isolate(key.name) })} />}
        lead={t("renew.lead", { words: permissions })}
        back={{ href: localizedPath(locale, "/wallet/keys"), label: shell("back") }}
      />
      {status && <KeyPinNotice status={status} path={path} />}
      <KeyForm
        {...(await keyFormProps(t("renew.submit")))}
        pin={status && (await keyPinWords(status, true))}
        renewedKeyId={keyId}
      />
    </PageShell>
  );
});
