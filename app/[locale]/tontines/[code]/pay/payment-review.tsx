import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { localizedPath } from "@/lib/i18n/href";
import { amountInWords } from "@/lib/money/amount-in-words";
import { subtract } from "@/lib/money/arithmetic";
import { minorPerMajor } from "@/lib/money/currency";
import { formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { shownBalance } from "@/lib/next/shown-balance";
import { missingFor } from "@/lib/services/tontines/views/get-payment";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { formQuery } from "../../../wallet/form-query";

interface PaymentReviewProps {
  /** What is paid, before the sums. */
  rows: readonly ReceiptRow[];
  amount: Money;
  available: Money;
  /** The form that pays it. */
  children: ReactNode;
}

/** What a payment takes and leaves, then its form; with too little money a link that tops up exactly what is missing. */
export async function PaymentReview({ rows, amount, available, children }: PaymentReviewProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.pay")]);
  const missing = missingFor(amount, available);
  const all: ReceiptRow[] = [
    ...rows,
    { label: t("fee"), value: t("noFee") },
    { label: t("total"), value: formatMoney(amount, locale), strong: true },
    { label: t("inWords"), value: amountInWords(amount, locale) },
    ...(missing ? [] : [{ label: t("after"), value: await shownBalance(subtract(available, amount)) }]),
  ];
  return (
    <>
      <ReceiptRows rows={all} />
      <div className="mt-5">
        {missing ? (
          <>
            <Notice tone="waiting" title={t("tooLittle")}>
              {t("tooLittleText", { amount: formatMoney(missing, locale) })}
            </Notice>
            <ButtonLink
              wide
              href={localizedPath(locale, `/wallet/topup${formQuery(missing.currency, upToWhole(missing))}`)}
            >
              {t("topup", { amount: formatMoney(missing, locale) })}
            </ButtonLink>
          </>
        ) : (
          children
        )}
      </div>
    </>
  );
}

/** A form is filled with whole units: at least what is missing. */
function upToWhole({ amountMinor, currency }: Money): Money {
  const unit = minorPerMajor(currency);
  return money(((amountMinor + unit - 1n) / unit) * unit, currency);
}
