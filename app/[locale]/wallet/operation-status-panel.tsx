import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney } from "@/lib/money/format-money";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { Reason } from "@/lib/services/operations/reasons";
import type { OperationView } from "@/lib/services/operations/view";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { ButtonLink } from "@/lib/ui/button";
import { StatusPanel } from "@/lib/ui/status-panel";
import { carrierName } from "../method-label";
import { formQuery } from "./form-query";
import { statusTextOf } from "./operation-kinds";
import { STATE_OF, shownNumber, signedAmount } from "./present-operation";

interface OperationStatusPanelProps {
  operation: OperationView;
  locale: Locale;
  /** True after the provider's payment page sent the person back: paying is then no longer the main action. */
  hasReturned?: boolean;
  /** More sentences. */
  children?: ReactNode;
  /** More buttons. */
  links?: ReactNode;
}

/** Heading, amount, one reason, one next step: the same on the waiting page and on the receipt. */
export async function OperationStatusPanel(props: OperationStatusPanelProps) {
  const { operation, locale, hasReturned = false } = props;
  const [t, zone] = await Promise.all([getTranslations(), viewerTimeZone()]);
  const values = {
    amount: formatMoney(operation.amount, locale),
    phone: shownNumber(operation) ?? "",
    method: carrierName(operation),
    name: isolate(operation.counterparty?.name ?? ""),
    vault: isolate(operation.vault?.name ?? ""),
    balance: "",
  };
  const { heading, texts, saysReason } = statusTextOf(operation);
  const reason = saysReason ? await reasonText(operation) : null;
  return (
    <StatusPanel
      state={STATE_OF[operation.status]}
      heading={t(heading)}
      amount={signedAmount(operation, locale)}
      actions={
        <>
          {await nextStep(operation, locale, hasReturned)}
          {props.links}
        </>
      }
    >
      {texts.map((text) => (
        <p key={text}>
          <BidiText text={t(text, values)} />
        </p>
      ))}
      {reason && <p>{reason}</p>}
      {operation.status === "in_progress" && operation.expiresAt && (
        <p>{t("topup.wait.expiresAt", { time: formatTime(operation.expiresAt, locale, zone) })}</p>
      )}
      {props.children}
    </StatusPanel>
  );
}

/** The reasons that have a sentence of their own below `refundReasons.`. */
const REFUND_REASONS = [
  "provider_declined",
  "invalid_destination",
  "payout_failed",
  "reversed",
  "cancelled",
  "provider_unavailable",
] as const satisfies readonly Reason[];

/** Why it is so; after a refund, that the money was returned instead of that nothing was taken. */
async function reasonText({ type, reason, status }: OperationView): Promise<string | null> {
  const [reasons, refundReasons] = await Promise.all([
    getTranslations("reasons"),
    getTranslations("refundReasons"),
  ]);
  if (type === "withdrawal" && status === "refunded") {
    return refundReasons(REFUND_REASONS.find((known) => known === reason) ?? "unspecified");
  }
  if (reason === null) return status === "failed" ? reasons("unspecified") : null;
  return reasons(reason);
}

/** A link to the payment page while it can be paid, or to the form after a failure. */
async function nextStep(operation: OperationView, locale: Locale, hasReturned: boolean): Promise<ReactNode> {
  const { type, status, paymentUrl, amount } = operation;
  const t = await getTranslations();
  if (paymentUrl) {
    return (
      <ButtonLink href={paymentUrl} variant={hasReturned ? "secondary" : "primary"}>
        {t("topup.wait.pay")}
      </ButtonLink>
    );
  }
  const isEnded = status === "failed" || status === "expired" || status === "refunded";
  if (!isEnded || (type === "deposit" && status === "refunded")) return null;
  const [path, words] =
    type === "deposit"
      ? (["/wallet/topup", "topup.failed.again"] as const)
      : (["/wallet/withdraw", "withdraw.refunded.again"] as const);
  return <ButtonLink href={localizedPath(locale, path) + formQuery(amount.currency)}>{t(words)}</ButtonLink>;
}
