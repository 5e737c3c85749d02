import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney } from "@/lib/money/format-money";
import type { OperationView } from "@/lib/services/operations/view";
import { ButtonLink } from "@/lib/ui/button";
import { StatusPanel } from "@/lib/ui/status-panel";
import { formQuery } from "../../form-query";
import { carrierName } from "../../method-label";
import { receiptTextOf } from "../../operation-kinds";
import { STATE_OF, shownNumber, signedAmount } from "../../present-operation";

interface OperationStatusPanelProps {
  operation: OperationView;
  locale: Locale;
}

/** Heading, amount, one reason, one next step. */
export async function OperationStatusPanel({ operation, locale }: OperationStatusPanelProps) {
  const [t, reasons] = await Promise.all([getTranslations(), getTranslations("reasons")]);
  const values = {
    amount: formatMoney(operation.amount, locale),
    phone: shownNumber(operation) ?? "",
    method: carrierName(operation),
    name: operation.counterparty?.name ?? "",
    vault: operation.vault?.name ?? "",
    balance: "",
  };
  const text = receiptTextOf(operation);
  return (
    <StatusPanel
      state={STATE_OF[operation.status]}
      heading={t(text.heading)}
      amount={signedAmount(operation, locale)}
      actions={nextStep(operation, locale, t)}
    >
      {text.text && <p>{t(text.text, values)}</p>}
      {operation.reason && <p>{reasons(operation.reason)}</p>}
      {text.close && <p>{t(text.close)}</p>}
    </StatusPanel>
  );
}

/** A link to the payment page while it can be paid, or to the form after a failure. */
function nextStep(
  { type, status, paymentUrl, amount }: OperationView,
  locale: Locale,
  t: Awaited<ReturnType<typeof getTranslations<never>>>,
): ReactNode {
  if (paymentUrl) return <ButtonLink href={paymentUrl}>{t("topup.wait.pay")}</ButtonLink>;
  if (!["failed", "expired", "refunded"].includes(status)) return null;
  const [path, words] =
    type === "deposit"
      ? (["/wallet/topup", "topup.failed.again"] as const)
      : (["/wallet/withdraw", "withdraw.refunded.again"] as const);
  return <ButtonLink href={localizedPath(locale, path) + formQuery(amount.currency)}>{t(words)}</ButtonLink>;
}
