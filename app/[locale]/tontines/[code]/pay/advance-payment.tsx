import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { formatMoney } from "@/lib/money/format-money";
import type { Query } from "@/lib/next/next-path";
import type { PaymentView } from "@/lib/services/tontines/views/get-payment";
import { Notice } from "@/lib/ui/notice";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { payAhead } from "../../actions";
import { AmountForm, amountProblem, readTypedAmount } from "./amount-form";
import { PaymentReview } from "./payment-review";

interface AdvancePaymentProps {
  payment: PaymentView;
  query: Query;
}

/** An amount for the turns to come: asked first (`?advance=1`), then reviewed (`?advance=1&amount=`). */
export async function AdvancePayment({ payment, query }: AdvancePaymentProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.pay")]);
  const { code, available, isRunning } = payment;
  if (!isRunning) return <Notice tone="waiting">{t("aheadNotYet")}</Notice>;
  const path = localizedPath(locale, `/tontines/${code}/pay`);
  const { typed, amount, reason } = readTypedAmount(query.amount, available.currency);
  if (!amount) {
    return (
      <AmountForm
        currency={available.currency}
        path={path}
        query={{ advance: "1" }}
        hint={t("aheadHint")}
        typed={typed}
        error={await amountProblem(reason)}
      />
    );
  }
  return (
    <>
      <PaymentReview
        rows={[{ label: t("aheadFor"), value: t("aheadNext") }]}
        amount={amount}
        available={available}
      >
        <PinEntry
          name="pay-in-advance"
          action={payAhead}
          hidden={{ code, amount: typed }}
          formKey={newKey()}
          path={`/tontines/${code}/pay?advance=1`}
          submit={t("submit", { amount: formatMoney(amount, locale) })}
        />
      </PaymentReview>
      <p className="mt-3 text-center">
        <a
          href={`${path}?advance=1`}
          className="inline-flex min-h-11 items-center underline underline-offset-4"
        >
          {t("otherAmount")}
        </a>
      </p>
    </>
  );
}
