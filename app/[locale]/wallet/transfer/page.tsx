import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatAmount } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { NOTE_LENGTH_MAX } from "@/lib/services/transfers/check-transfer";
import { getTransferQuote, type TransferQuote } from "@/lib/services/transfers/get-transfer-quote";
import { getWallet, type Wallet } from "@/lib/services/wallets/get-wallet";
import { Columns } from "@/lib/ui/columns";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { nullIfNotFound } from "../../null-if-not-found";
import { safePage } from "../../safe-page";
import { amountReasons } from "../amount-field-props";
import { CurrencyChoice } from "../currency-choice";
import { currencyOfQuery } from "../form-query";
import { MoneyOutNotice } from "../money-out-notice";
import { TransferForm, type TransferFormProps } from "./transfer-form.client";

interface TransferPageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/transfer";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("transfer") };
}

/** To which wallet, how much; then a page to review it on. `?quote=` fills in what is being edited. */
export default safePage(async function TransferPage({ searchParams }: TransferPageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const query = await searchParams;
  const [t, shell, wallet, edited, words] = await Promise.all([
    getTranslations("transfer"),
    getTranslations("shell"),
    getWallet(await currentContext()),
    typeof query.quote === "string"
      ? nullIfNotFound(getTransferQuote(await currentContext(), query.quote))
      : null,
    transferWords(),
  ]);
  const currency = edited?.amount.currency ?? currencyOfQuery(query);
  const available = availableIn(wallet, currency);
  const { unit, unitFirst } = formatAmount(available, locale);
  return (
    <PageShell>
      <PageHeading
        title={t("heading")}
        lead={t("availableNow", { balance: await shownBalance(available) })}
        back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
      />
      <Columns
        side={
          <Section heading={t("receive")}>
            <p className="mt-1 mb-3 text-muted">{t("receiveText")}</p>
            <ReceiptRows rows={[{ label: t("ownNumber"), value: groupWalletNumber(wallet.number) }]} />
          </Section>
        }
      >
        <CurrencyChoice
          currencies={await listOfferedCurrencies(await currentContext())}
          current={currency}
          path={localizedPath(locale, PATH)}
        />
        <MoneyOutNotice currency={currency} />
        <TransferForm
          currency={currency}
          unit={unit}
          unitFirst={unitFirst}
          noteLengthMax={NOTE_LENGTH_MAX}
          defaults={defaultsOf(edited)}
          words={words}
        />
      </Columns>
    </PageShell>
  );
});

function availableIn(wallet: Wallet, currency: Money["currency"]): Money {
  const balances = wallet.balances.find((each) => each.currency === currency);
  return balances?.available ?? money(0n, currency);
}

function defaultsOf(edited: TransferQuote | null) {
  return {
    walletNumber: edited ? groupWalletNumber(edited.recipient.walletNumber) : "",
    // Written as English does: what `parseAmount` reads back in either language.
    amount: edited ? formatAmount(edited.amount, "en").number : "",
    note: edited?.note ?? "",
  };
}

/** What the form says, in the page's language. */
async function transferWords(): Promise<TransferFormProps["words"]> {
  const [t, form, fields] = await Promise.all([
    getTranslations("transfer"),
    getTranslations("form"),
    getTranslations("fields"),
  ]);
  return {
    walletNumber: t("walletNumber"),
    walletNumberHint: t("walletNumberHint"),
    walletNumberInvalid: fields("wallet_number_invalid"),
    amount: form("amount"),
    amountReasons: await amountReasons(),
    note: t("note"),
    noteHint: t("noteHint"),
    optional: form("optional"),
    submit: t("submit"),
    pending: form("pending"),
  };
}
