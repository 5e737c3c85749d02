import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { type Currency, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { formatAmount } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { listShownBalances } from "@/lib/services/wallets/list-shown-balances";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
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
  await requireUserOrRedirect(locale, "/wallet/vaults/new");
  const context = await currentContext();
  const [t, form, shell, wallet, query] = await Promise.all([
    getTranslations("vaults"),
    getTranslations("form"),
    getTranslations("shell"),
    getWallet(context),
    searchParams,
  ]);
  const currencies = (await listShownBalances(context, wallet)).map(({ currency }) => currency);
  const currency = currencies.find((each) => each === query.currency) ?? DEFAULT_CURRENCY;
  const day = dayField({ label: t("day"), hint: t("dayHint") }, context.now);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("create.heading")}
        lead={t("create.lead")}
        back={{ href: localizedPath(locale, "/wallet/vaults"), label: shell("back") }}
      />
      {currencies.length > 1 && <CurrencyLinks currencies={currencies} current={currency} />}
      <FieldsForm
        id="vault"
        action={openVault}
        hidden={{ currency }}
        formKey={newKey()}
        fields={[await nameField(), await goalField(currency), { ...day, optional: form("optional") }]}
        words={await formWords(t("create.submit"))}
      />
    </PageShell>
  );
});

/** Links to the same page in another currency. */
async function CurrencyLinks(props: { currencies: readonly Currency[]; current: Currency }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("vaults")]);
  return (
    <nav aria-label={t("currency")} className="mb-5 grid auto-cols-fr grid-flow-col gap-2">
      {props.currencies.map((currency) => (
        <a
          key={currency}
          href={`?currency=${currency}`}
          {...(currency === props.current && { "aria-current": "true" as const })}
          className="flex min-h-11 items-center justify-center rounded-field border border-edge bg-card px-3 font-semibold hover:bg-tint aria-current:border-link aria-current:ring-1 aria-current:ring-link"
        >
          {formatAmount(money(0n, currency), locale).unit}
        </a>
      ))}
    </nav>
  );
}
