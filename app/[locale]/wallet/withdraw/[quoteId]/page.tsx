import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { amountInWords } from "@/lib/money/amount-in-words";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { formatPhone } from "@/lib/phone";
import { getQuote } from "@/lib/services/withdrawals/get-quote";
import type { Quote } from "@/lib/services/withdrawals/view";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { methodLabel } from "../../../method-label";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { formQuery } from "../../form-query";
import { PinConfirmation } from "../../pin-confirmation";
import { QuoteProblemNotice } from "../../quote-problem-notice";
import { confirmWithdrawal } from "./actions";

interface ReviewPageProps {
  params: Promise<{ quoteId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("withdrawReview") };
}

/** To whom, how much, what it costs and what is left, before any money leaves; then the PIN. */
export default safePage(async function ReviewPage({ params }: ReviewPageProps) {
  const { quoteId } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const quote = await nullIfNotFound(getQuote(await currentContext(), quoteId));
  if (!quote) return missingPage();
  if (quote.usedBy) redirect(localizedPath(locale, `/wallet/transactions/${quote.usedBy}`));
  const [t, refunded] = await Promise.all([
    getTranslations("withdraw.review"),
    getTranslations("withdraw.refunded"),
  ]);
  const formPath = localizedPath(locale, "/wallet/withdraw") + formQuery(quote.amount.currency, quote.amount);
  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading title={t("heading")} lead={t("lead")} back={{ href: formPath, label: t("edit") }} />
      {quote.repeats && <Notice tone="waiting">{t("repeated")}</Notice>}
      {quote.firstTime && <Notice>{t("firstTime")}</Notice>}
      <ReceiptRows rows={await rowsOf(quote, locale)} />
      <div className="mt-5">
        {quote.problem ? (
          <QuoteProblemNotice
            problem={quote.problem}
            limit={quote.limit}
            formPath={formPath}
            again={refunded("again")}
          />
        ) : (
          <PinConfirmation
            name="confirm-withdrawal"
            action={confirmWithdrawal}
            quoteId={quote.id}
            path={`/wallet/withdraw/${quote.id}`}
            submit={t("submit", { amount: formatMoney(quote.amount, locale) })}
          />
        )}
      </div>
    </PageShell>
  );
});

async function rowsOf(quote: Quote, locale: Locale): Promise<ReceiptRow[]> {
  const [t, methods] = await Promise.all([getTranslations("withdraw.review"), getTranslations("methods")]);
  const { fee, amount, total, balanceAfter } = quote;
  return [
    { label: t("to"), value: quote.phone === null ? bankAccount(quote) : formatPhone(quote.phone) },
    { label: t("method"), value: methodLabel(quote, methods) },
    { label: t("amount"), value: formatMoney(amount, locale) },
    { label: t("fee"), value: fee.amountMinor === 0n ? t("noFee") : formatMoney(fee, locale) },
    { label: t("total"), value: formatMoney(total, locale), strong: true },
    { label: t("inWords"), value: amountInWords(total, locale) },
    { label: t("balanceAfter"), value: await shownBalance(balanceAfter) },
  ];
}

/** The holder as the bank itself named them, then the bank, then the number, which never breaks. */
function bankAccount({ bank }: Quote): ReactNode {
  if (!bank) return "";
  return (
    <>
      <bdi>{bank.accountName}</bdi>
      <br />
      {bank.name} <span className="inline-block wrap-anywhere">{bank.accountNumber}</span>
    </>
  );
}
