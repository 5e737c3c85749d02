import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { CurrencyChoice } from "../../currency-choice";
import { currencyOfQuery } from "../../form-query";
import { openVault } from "../actions";
import { dayField, formWords, goalField, nameField } from "../field-words";

interface NewVaultPageProps {
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("vaultNew") };
}

/** The form for a new vault: name, optional goal, optional lock date. */
export default safePage(async function NewVaultPage({ searchParams }: NewVaultPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const [t, form, shell, query] = await Promise.all([
    getTranslations("vaults"),
    getTranslations("form"),
    getTranslations("shell"),
    searchParams,
  ]);
  const currency = currencyOfQuery(query);
  const day = dayField({ label: t("day"), hint: t("dayHint") }, context.now);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("create.heading")}
        lead={t("create.lead")}
        back={{ href: localizedPath(locale, "/wallet/vaults"), label: shell("back") }}
      />
      <CurrencyChoice
        currencies={await listOfferedCurrencies(context)}
        current={currency}
        path={localizedPath(locale, "/wallet/vaults/new")}
      />
      <FieldsForm
        id="vault"
        name="open-vault"
        action={openVault}
        hidden={{ currency }}
        formKey={newKey()}
        fields={[await nameField(), await goalField(currency), { ...day, optional: form("optional") }]}
        words={await formWords(t("create.submit"))}
      />
    </PageShell>
  );
});
