import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import type { Query } from "@/lib/next/next-path";
import type { PaymentView } from "@/lib/services/tontines/views/get-payment";
import { AmountField } from "@/lib/ui/amount-field";
import { Button } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { amountReasons, unitOf } from "../../../wallet/amount-field-props";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { payAhead } from "../../actions";
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
  const typed = typeof query.amount === "string" ? query.amount.slice(0, 40) : "";
  const parsed = typed.trim() === "" ? null : parseAmount(typed, available.currency);
  if (!parsed || "reason" in parsed) {
    return <AmountForm payment={payment} typed={typed} reason={parsed ? parsed.reason : null} />;
  }
  const amount = money(parsed.amountMinor, available.currency);
  const again = `${localizedPath(locale, `/tontines/${code}/pay`)}?${new URLSearchParams({ advance: "1" })}`;
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
        <a href={again} className="inline-flex min-h-11 items-center underline underline-offset-4">
          {t("otherAmount")}
        </a>
      </p>
    </>
  );
}

async function AmountForm(props: { payment: PaymentView; typed: string; reason: string | null }) {
  const { payment, typed, reason } = props;
  const [locale, t, reasons] = await Promise.all([
    getLocale(),
    getTranslations("tontines.pay"),
    amountReasons(),
  ]);
  return (
    <form method="get" action={localizedPath(locale, `/tontines/${payment.code}/pay`)}>
      <input type="hidden" name="advance" value="1" />
      <AmountField
        {...(await unitOf(payment.available.currency))}
        name="amount"
        label={t("amount")}
        hint={t("aheadHint")}
        defaultValue={typed}
        error={reason === null ? undefined : reasons[reason as keyof typeof reasons]}
      />
      <Button wide>{t("review")}</Button>
    </form>
  );
}
