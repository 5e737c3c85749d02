import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { amountInWords } from "@/lib/money/amount-in-words";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { getTransferQuote, type TransferQuote } from "@/lib/services/transfers/get-transfer-quote";
import { Notice } from "@/lib/ui/notice";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { PinConfirmation } from "../../pin-confirmation";
import { QuoteProblemNotice } from "../../quote-problem-notice";
import { confirmTransfer, payRequest } from "./actions";

interface ReviewPageProps {
  params: Promise<{ quoteId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("transferReview") };
}

/** To whom, how much and what is left, before any money leaves; then the PIN. */
export default safePage(async function ReviewPage({ params }: ReviewPageProps) {
  const { quoteId } = await params;
  const locale = await getLocale();
  const path = `/wallet/transfer/${quoteId}`;
  await requireUserOrRedirect(locale);
  const quote = await nullIfNotFound(getTransferQuote(await currentContext(), quoteId));
  if (!quote) return missingPage();
  if (quote.usedBy) redirect(localizedPath(locale, `/wallet/transactions/${quote.usedBy}`));
  const t = await getTranslations("transfer.review");
  // What a request asks for isn't edited.
  const isRequest = quote.moneyRequestId !== null;
  const formPath = localizedPath(
    locale,
    isRequest ? "/wallet/requests" : `/wallet/transfer?quote=${quote.id}`,
  );

  return (
    <PageShell width="form" hasBar={false}>
      <PageHeading
        title={t("heading")}
        lead={t("lead")}
        back={{ href: formPath, label: t(isRequest ? "back" : "edit") }}
      />
      {isRequest && <Notice>{t("requestText")}</Notice>}
      {quote.repeats && <Notice tone="waiting">{t("repeated")}</Notice>}
      {quote.firstTime && <Notice>{t("firstTime")}</Notice>}
      <ReceiptRows rows={await rowsOf(quote, locale)} />
      <div className="mt-5">
        {quote.problem ? (
          <QuoteProblemNotice
            problem={quote.problem}
            limit={quote.limit}
            formPath={formPath}
            again={t("again")}
          />
        ) : (
          <PinConfirmation
            name={isRequest ? "pay-request" : "confirm-transfer"}
            action={isRequest ? payRequest : confirmTransfer}
            quoteId={quote.id}
            path={path}
            submit={t("submit", { amount: formatMoney(quote.amount, locale) })}
          />
        )}
      </div>
    </PageShell>
  );
});

async function rowsOf(quote: TransferQuote, locale: Locale): Promise<ReceiptRow[]> {
  const t = await getTranslations("transfer.review");
  const { recipient, amount, note, balanceAfter } = quote;
  return [
    { label: t("to"), value: <bdi>{recipient.name}</bdi>, strong: true },
    { label: t("walletNumber"), value: groupWalletNumber(recipient.walletNumber) },
    { label: t("amount"), value: formatMoney(amount, locale) },
    { label: t("fee"), value: t("noFee") },
    { label: t("total"), value: formatMoney(amount, locale), strong: true },
    { label: t("inWords"), value: amountInWords(amount, locale) },
    ...(note === null ? [] : [{ label: t("note"), value: <bdi className="break-words">{note}</bdi> }]),
    { label: t("balanceAfter"), value: await shownBalance(balanceAfter) },
  ];
}
