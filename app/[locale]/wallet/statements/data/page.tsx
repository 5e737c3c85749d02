import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { requireUserOrRedirect } from "@/lib/next/session";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { ownerSecretFields } from "../../owner-secret-fields";
import { requestData } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("dataCopy") };
}

/** Asks for a copy of everything that is kept about the person. */
export default safePage(async function DataPage() {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const [t, statements, form, shell, fields] = await Promise.all([
    getTranslations("statements.dataForm"),
    getTranslations("statements"),
    getTranslations("form"),
    getTranslations("shell"),
    ownerSecretFields(),
  ]);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/statements"), label: shell("back") }}
      />
      <p className="mb-5">{statements("dataText")}</p>
      <FieldsForm
        id="data"
        name="request-data"
        action={requestData}
        hidden={{}}
        fields={fields}
        words={{ submit: t("submit"), pending: form("pending"), amountReasons: {} }}
      />
    </PageShell>
  );
});
