import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation } from "@/lib/services/operations/get-operation";
import type { OperationView } from "@/lib/services/operations/view";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { ButtonLink } from "@/lib/ui/button";
import { PageShell } from "@/lib/ui/page-shell";
import { StatusPanel } from "@/lib/ui/status-panel";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { formQuery } from "../../form-query";
import { LivePage } from "../../live-page";
import { carrierName } from "../../method-label";
import { STATE_OF } from "../../present-operation";

interface TopupStatusProps {
  params: Promise<{ reference: string }>;
}

export async function generateMetadata({ params }: TopupStatusProps): Promise<Metadata> {
  const { reference } = await params;
  return { title: (await getTranslations("titles"))("topupWait", { reference }) };
}

/** The page that the provider sends the browser back to. Coming back is no proof of payment: the deposit's state is read. */
export default safePage(async function TopupStatusPage({ params }: TopupStatusProps) {
  const { reference } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale, `/wallet/topup/${reference}`);
  const operation = await nullIfNotFound(getOperation(await currentContext(), reference));
  if (operation?.type !== "deposit") return missingPage();
  // Providers send no webhook for a payment that was declined or abandoned.
  await requestDepositCheck(await currentContext(), operation);
  return (
    <PageShell width="form">
      <Panel operation={operation} locale={locale} />
      {operation.status === "in_progress" && <LivePage reference={reference} status={operation.status} />}
    </PageShell>
  );
});

interface PanelProps {
  operation: OperationView;
  locale: Locale;
}

function Panel(props: PanelProps) {
  switch (props.operation.status) {
    case "in_progress":
      return <Waiting {...props} />;
    case "succeeded":
      return <Done {...props} />;
    default:
      return <Ended {...props} />;
  }
}

async function Waiting({ operation, locale }: PanelProps) {
  const t = await getTranslations("topup");
  const { paymentUrl, expiresAt } = operation;
  const method = carrierName(operation);
  const isSilent = operation.reason === "outcome_unknown" || paymentUrl === null;
  return (
    <StatusPanel
      state="in_progress"
      heading={t(isSilent ? "unknown.heading" : "wait.heading")}
      amount={formatMoney(operation.amount, locale)}
      actions={
        <>
          {paymentUrl && <ButtonLink href={paymentUrl}>{t("wait.pay")}</ButtonLink>}
          <SecondaryLinks locale={locale} reference={operation.reference} />
        </>
      }
    >
      <p>{isSilent ? t("unknown.text", { method }) : t("wait.confirming", { method })}</p>
      <p>{t("wait.updates")}</p>
      <p>{t("wait.close")}</p>
      {expiresAt && <p>{t("wait.expiresAt", { time: formatTime(expiresAt, locale) })}</p>}
    </StatusPanel>
  );
}

async function Done({ operation, locale }: PanelProps) {
  const [t, wallet] = await Promise.all([getTranslations("topup.done"), getWallet(await currentContext())]);
  const balance = wallet.balances.find(({ currency }) => currency === operation.amount.currency);
  return (
    <StatusPanel
      state="done"
      heading={t("heading")}
      amount={formatMoney(operation.amount, locale)}
      actions={
        <>
          <ButtonLink href={localizedPath(locale, "/wallet")}>{t("home")}</ButtonLink>
          <SecondaryLinks locale={locale} reference={operation.reference} />
        </>
      }
    >
      <p>{t("text", { amount: formatMoney(operation.amount, locale) })}</p>
      {balance && <p>{t("balance", { balance: formatMoney(balance.available, locale) })}</p>}
    </StatusPanel>
  );
}

async function Ended({ operation, locale }: PanelProps) {
  const [t, reasons] = await Promise.all([getTranslations("topup"), getTranslations("reasons")]);
  const { status } = operation;
  const kind = status === "expired" ? "expired" : status === "review" ? "review" : "failed";
  let again: ReactNode = null;
  if (kind !== "review") {
    const path = localizedPath(locale, "/wallet/topup") + formQuery(operation.amount.currency);
    again = <ButtonLink href={path}>{t("failed.again")}</ButtonLink>;
  }
  return (
    <StatusPanel
      state={STATE_OF[status]}
      heading={t(`${kind}.heading`)}
      amount={formatMoney(operation.amount, locale)}
      actions={
        <>
          {again}
          <SecondaryLinks locale={locale} reference={operation.reference} />
        </>
      }
    >
      <p>{reasons(operation.reason ?? "unspecified")}</p>
    </StatusPanel>
  );
}

async function SecondaryLinks({ locale, reference }: { locale: Locale; reference: string }) {
  const t = await getTranslations("operation");
  return (
    <ButtonLink variant="secondary" href={localizedPath(locale, `/wallet/transactions/${reference}`)}>
      {t("details")}
    </ButtonLink>
  );
}
