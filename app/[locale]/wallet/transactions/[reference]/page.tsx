import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { amountInWords } from "@/lib/money/amount-in-words";
import { formatMoney } from "@/lib/money/format-money";
import { formatPhone, maskPhone } from "@/lib/phone";
import type { OperationView } from "@/lib/services/operations/view";
import { getProfile } from "@/lib/services/users/get-profile";
import { ButtonLink } from "@/lib/ui/button";
import { PageShell } from "@/lib/ui/page-shell";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { StatusPanel } from "@/lib/ui/status-panel";
import { currentContext } from "@/lib/web/current-context";
import { requireUserOrRedirect } from "@/lib/web/session";
import { missingPage } from "../../../missing-page";
import { safePage } from "../../../safe-page";
import { findOperation } from "../../find-operation";
import { LivePage } from "../../live-page";
import { STATE_OF, signedAmount } from "../../present-operation";

interface OperationPageProps {
  params: Promise<{ reference: string }>;
}

export async function generateMetadata({ params }: OperationPageProps): Promise<Metadata> {
  const { reference } = await params;
  return { title: (await getTranslations("titles"))("operation", { reference }) };
}

/** How one operation stands, and its facts: what a receipt says and a complaint needs. */
export default safePage(async function OperationPage({ params }: OperationPageProps) {
  const { reference } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale, `/wallet/transactions/${reference}`);
  const operation = await findOperation(reference);
  if (!operation) return missingPage();
  const t = await getTranslations("operation");
  const path = (to: string) => localizedPath(locale, to);
  return (
    <PageShell width="form">
      <Standing operation={operation} locale={locale} />
      <Section heading={t("facts")}>
        <div className="mt-3">
          <ReceiptRows rows={await rowsOf(operation, locale)} />
        </div>
      </Section>
      <p className="mt-4 text-sm text-muted">{t("help", { reference })}</p>
      <div className="no-print mt-5 flex flex-col gap-2.5">
        <ButtonLink variant="secondary" href={path("/wallet/transactions")}>
          {t("back")}
        </ButtonLink>
      </div>
      {operation.status === "in_progress" && <LivePage reference={reference} status={operation.status} />}
    </PageShell>
  );
});

interface StandingProps {
  operation: OperationView;
  locale: Locale;
}

/** Heading, amount, one reason, one next step. */
async function Standing({ operation, locale }: StandingProps) {
  const [t, reasons] = await Promise.all([getTranslations(), getTranslations("reasons")]);
  const values = {
    amount: formatMoney(operation.amount, locale),
    phone: maskPhone(operation.phone),
    method: operation.methodName,
    balance: "",
  };
  const text = TEXTS[operation.type][operation.status];
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

/** Pay what can still be paid, or try again what ended without success. */
function nextStep(
  { type, status, paymentUrl }: OperationView,
  locale: Locale,
  t: Awaited<ReturnType<typeof getTranslations<never>>>,
): ReactNode {
  if (paymentUrl) return <ButtonLink href={paymentUrl}>{t("topup.wait.pay")}</ButtonLink>;
  if (!["failed", "expired", "refunded"].includes(status)) return null;
  const [path, words] =
    type === "deposit"
      ? (["/wallet/topup", "topup.failed.again"] as const)
      : (["/wallet/withdraw", "withdraw.refunded.again"] as const);
  return <ButtonLink href={localizedPath(locale, path)}>{t(words)}</ButtonLink>;
}

/** Which sentences go with which state; the reason follows by itself. */
const TEXTS = {
  deposit: {
    in_progress: { heading: "topup.wait.heading", text: null, close: "topup.wait.close" },
    succeeded: { heading: "topup.done.heading", text: "topup.done.text", close: null },
    failed: { heading: "topup.failed.heading", text: null, close: null },
    expired: { heading: "topup.expired.heading", text: null, close: null },
    refunded: { heading: "topup.failed.heading", text: null, close: null },
    review: { heading: "topup.review.heading", text: null, close: null },
  },
  withdrawal: {
    in_progress: {
      heading: "withdraw.started.heading",
      text: "withdraw.started.text",
      close: "withdraw.started.close",
    },
    succeeded: { heading: "withdraw.done.heading", text: "withdraw.done.text", close: null },
    failed: { heading: "withdraw.failed.heading", text: null, close: null },
    expired: { heading: "withdraw.failed.heading", text: null, close: null },
    refunded: { heading: "withdraw.refunded.heading", text: "withdraw.refunded.text", close: null },
    review: { heading: "withdraw.review_state.heading", text: null, close: null },
  },
} as const;

/** Who, and by which number, which never breaks. */
function twoLines(name: string, number: string): ReactNode {
  return (
    <>
      {name}
      <br />
      <span className="whitespace-nowrap">{number}</span>
    </>
  );
}

async function rowsOf(operation: OperationView, locale: Locale): Promise<ReceiptRow[]> {
  const [t, kinds, states] = await Promise.all([
    getTranslations("operation"),
    getTranslations("kinds"),
    getTranslations("states"),
  ]);
  const profile = await getProfile(await currentContext());
  const isDeposit = operation.type === "deposit";
  const { fee, total, providerReference } = operation;
  const wallet = twoLines(`${profile.firstName} ${profile.lastName}`, profile.walletNumber);
  const outside = twoLines(operation.methodName, formatPhone(operation.phone));
  const rows: (ReceiptRow | null)[] = [
    { label: t("reference"), value: operation.reference },
    { label: t("kind"), value: kinds(operation.type) },
    { label: t("state"), value: states(STATE_OF[operation.status]) },
    { label: t("from"), value: isDeposit ? outside : wallet },
    { label: t("to"), value: isDeposit ? wallet : outside },
    { label: t("amount"), value: formatMoney(operation.amount, locale) },
    { label: t("fee"), value: fee.amountMinor === 0n ? t("noFee") : formatMoney(fee, locale) },
    isDeposit ? null : { label: t("totalCharged"), value: formatMoney(total, locale), strong: true },
    { label: t("inWords"), value: amountInWords(total, locale) },
    { label: t("date"), value: formatDateTime(operation.createdAt, locale) },
    { label: t("updated"), value: formatDateTime(operation.updatedAt, locale) },
    providerReference ? { label: t("providerReference"), value: providerReference } : null,
  ];
  return rows.filter((row) => row !== null);
}
