import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { NOTE_LENGTH_MAX } from "@/lib/services/transfers/check-transfer";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { safePage } from "../../../safe-page";
import { unitOf } from "../../amount-field-props";
import { CurrencyChoice } from "../../currency-choice";
import { currencyOfQuery } from "../../form-query";
import { TransferForm } from "../../transfer/transfer-form.client";
import { transferWords } from "../../transfer/transfer-words";
import { askForMoney } from "../actions";

interface NewRequestPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/requests/new";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("newRequest") };
}

/** The form of a new request: payer, amount, note. Without a payer it makes a link that anybody may pay. */
export default safePage(async function NewRequestPage({ searchParams }: NewRequestPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const currency = currencyOfQuery(await searchParams);
  const [t, shell, words, unit, currencies] = await Promise.all([
    getTranslations("requests.form"),
    getTranslations("shell"),
    transferWords(),
    unitOf(currency),
    listOfferedCurrencies(await currentContext()),
  ]);
  return (
    <PageShell width="form">
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: localizedPath(locale, "/wallet/requests"), label: shell("back") }}
      />
      <CurrencyChoice currencies={currencies} current={currency} path={localizedPath(locale, PATH)} />
      <TransferForm
        name="ask-for-money"
        action={askForMoney}
        formKey={newKey()}
        isRecipientOptional
        {...unit}
        noteLengthMax={NOTE_LENGTH_MAX}
        defaults={{ walletNumber: "", amount: "", note: "" }}
        words={{ ...words, walletNumber: t("to"), walletNumberHint: t("toHint"), submit: t("submit") }}
      />
    </PageShell>
  );
});
