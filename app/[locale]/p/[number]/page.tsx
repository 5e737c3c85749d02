import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { isWalletNumber } from "@/lib/ids";
import { formatMoney } from "@/lib/money/format-money";
import { linkPreview } from "@/lib/next/link-preview";
import type { Query } from "@/lib/next/next-path";
import { setResponseStatus } from "@/lib/next/page-status";
import { currentUser, requireUserOrRedirect } from "@/lib/next/session";
import { ButtonLink } from "@/lib/ui/button";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { AccountLinks } from "../../account-links";
import { IgnoredInLink } from "../../ignored-in-link";
import { paymentPath, paymentQuery, type ReadLink, readPaymentLink } from "../../payment-link";
import { safePage } from "../../safe-page";

interface PayPageProps {
  params: Promise<{ number: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  const [titles, t] = await Promise.all([getTranslations("titles"), getTranslations("linkPreview")]);
  const title = titles("payLink");
  return { ...(await linkPreview(title, t("payLink"))), title, robots: { index: false, follow: false } };
}

/**
 * Where a QR code and a payment link lead: to the filled form, or, signed out, to what this is and to sign-in and sign-up, which come
 * back here. Whether the number has a wallet, and whose, is told to nobody who isn't signed in.
 */
export default safePage(async function PayPage({ params, searchParams }: PayPageProps) {
  const locale = await getLocale();
  const { number } = await params;
  const walletNumber = number.replace(/[^0-9]/g, "").slice(0, 20);
  if (!isWalletNumber(walletNumber)) return <WrongNumber />;
  const query = await searchParams;
  if (await currentUser()) {
    await requireUserOrRedirect(locale);
    redirect(localizedPath(locale, `/wallet/transfer${formQuery(walletNumber, query)}`));
  }
  return <SignedOut walletNumber={walletNumber} link={readPaymentLink(query)} />;
});

/** What the form is filled with; a query that can't be used is named there, and none of it is passed on. */
function formQuery(walletNumber: string, query: Query): string {
  const link = readPaymentLink(query);
  const ignored = Object.keys(link.problems).join(",");
  return paymentQuery(link, { to: walletNumber, ...(ignored !== "" && { ignored }) });
}

async function SignedOut({ walletNumber, link }: { walletNumber: string; link: ReadLink }) {
  const [locale, t, site] = await Promise.all([
    getLocale(),
    getTranslations("payLink"),
    getTranslations("site"),
  ]);
  const words = { site: site("name") };
  const here = paymentPath(walletNumber, link);
  const rows = [
    { label: t("number"), value: groupWalletNumber(walletNumber) },
    ...(link.amount ? [{ label: t("amount"), value: formatMoney(link.amount, locale), strong: true }] : []),
  ];
  return (
    <PageShell area="site" width="form">
      <PageHeading title={t("heading", words)} lead={t("lead")} />
      <IgnoredInLink fields={Object.keys(link.problems)} />
      <ReceiptRows rows={rows} />
      <div className="mt-5">
        <AccountLinks here={here} first="signIn" />
      </div>
    </PageShell>
  );
}

async function WrongNumber() {
  setResponseStatus(404);
  const [locale, t] = await Promise.all([getLocale(), getTranslations("payLink")]);
  return (
    <PageShell area="site" width="form">
      <PageHeading title={t("wrongHeading")} lead={t("wrongText")} />
      <ButtonLink wide href={localizedPath(locale, "/wallet/transfer")}>
        {t("enterNumber")}
      </ButtonLink>
    </PageShell>
  );
}
