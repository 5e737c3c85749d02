import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { shownBalance } from "@/lib/next/shown-balance";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation } from "@/lib/services/operations/get-operation";
import type { OperationView } from "@/lib/services/operations/view";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { ButtonLink } from "@/lib/ui/button";
import { PageShell } from "@/lib/ui/page-shell";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { LivePage } from "../../live-page";
import { OperationStatusPanel } from "../../operation-status-panel";
import { CancelTopup } from "../cancel-topup";

interface TopupStatusProps {
  params: Promise<{ reference: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata({ params }: TopupStatusProps): Promise<Metadata> {
  const { reference } = await params;
  return { title: (await getTranslations("titles"))("topupWait", { reference }) };
}

/**
 * The page that the provider sends the browser back to, with `?returned=1`. Coming back is no proof of payment: the
 * deposit's state is read.
 */
export default safePage(async function TopupStatusPage({ params, searchParams }: TopupStatusProps) {
  const { reference } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const operation = await nullIfNotFound(getOperation(await currentContext(), reference));
  if (operation?.type !== "deposit") return missingPage();
  // Providers send no webhook for a payment that was declined or abandoned.
  await requestDepositCheck(await currentContext(), operation);
  const hasReturned = (await searchParams).returned !== undefined;
  const isDone = operation.status === "succeeded";
  return (
    <PageShell width="form">
      <OperationStatusPanel
        operation={operation}
        locale={locale}
        hasReturned={hasReturned}
        links={<Links operation={operation} locale={locale} hasReturned={hasReturned} />}
      >
        {isDone && <NewBalance operation={operation} />}
      </OperationStatusPanel>
      {operation.status === "in_progress" && <LivePage operation={operation} />}
    </PageShell>
  );
});

async function NewBalance({ operation }: { operation: OperationView }) {
  const [t, wallet] = await Promise.all([getTranslations("topup.done"), getWallet(await currentContext())]);
  const balance = wallet.balances.find(({ currency }) => currency === operation.amount.currency);
  return balance ? <p>{t("balance", { balance: await shownBalance(balance.available) })}</p> : null;
}

async function Links(props: { operation: OperationView; locale: Locale; hasReturned: boolean }) {
  const { operation, locale, hasReturned } = props;
  const [t, words] = await Promise.all([getTranslations("operation"), getTranslations("topup.done")]);
  const receipt = `/wallet/transactions/${operation.reference}${hasReturned ? "?returned=1" : ""}`;
  return (
    <>
      {operation.status === "succeeded" && (
        <ButtonLink href={localizedPath(locale, "/wallet")}>{words("home")}</ButtonLink>
      )}
      {operation.status === "in_progress" && <CancelTopup reference={operation.reference} />}
      <ButtonLink variant="secondary" href={localizedPath(locale, receipt)}>
        {t("details")}
      </ButtonLink>
    </>
  );
}
