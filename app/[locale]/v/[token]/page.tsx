import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { formatDate, formatDateTimeInZone } from "@/lib/i18n/format-date";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext, currentNetworks } from "@/lib/next/current-context";
import { linkPreview } from "@/lib/next/link-preview";
import { setResponseStatus } from "@/lib/next/page-status";
import { siteUrl } from "@/lib/next/site-url";
import { DEFAULT_PHONE_COUNTRY, phoneCountryOf, timeZoneOf } from "@/lib/phone";
import { getSharedReceipt, type LinkedReceipt } from "@/lib/services/receipts/get-shared-receipt";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { StatusPanel } from "@/lib/ui/status-panel";
import { missingPage } from "../../missing-page";
import { nullIfNotFound } from "../../null-if-not-found";
import { DetailRows } from "../../receipt/detail-rows";
import { receiptLines, stepLines } from "../../receipt/receipt-lines";
import { sealLines } from "../../receipt/seal-lines";
import { Steps } from "../../receipt/steps";
import { safePage } from "../../safe-page";
import { STATE_OF } from "../../wallet/present-operation";

interface SharedReceiptPageProps {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const [t, site] = await Promise.all([getTranslations("sharedReceipt"), getTranslations("site")]);
  return {
    title: t("title"),
    robots: { index: false, follow: false },
    referrer: "no-referrer",
    ...(await linkPreview(t("previewTitle", { site: site("name") }), t("preview"))),
  };
}

/** Where the link of a receipt leads, for anybody: what is true of the operation now, with masked names. */
export default safePage(async function SharedReceiptPage({ params }: SharedReceiptPageProps) {
  const { token } = await params;
  const [context, networks, t] = await Promise.all([
    currentContext(),
    currentNetworks(),
    getTranslations("sharedReceipt"),
  ]);
  try {
    const receipt = await nullIfNotFound(getSharedReceipt(context, token, networks));
    if (!receipt) return missingPage();
    if (!receipt.isEnded) return <SharedReceipt receipt={receipt} />;
    return <NothingShown title={t("endedHeading")} lead={t("ended")} />;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "rate_limited") throw error;
    setResponseStatus(429);
    const errors = await getTranslations("errors");
    return <NothingShown title={t("limitedHeading")} lead={errors("rate_limited")} />;
  }
});

function NothingShown({ title, lead }: { title: string; lead: string }) {
  return (
    <PageShell area="site" width="form">
      <PageHeading title={title} lead={lead} />
    </PageShell>
  );
}

async function SharedReceipt({ receipt }: { receipt: Extract<LinkedReceipt, { isEnded: false }> }) {
  const { operation, ownerName, ownerPhone, seal, expiresAt } = receipt;
  const [locale, t, all] = await Promise.all([
    getLocale(),
    getTranslations("sharedReceipt"),
    getTranslations(),
  ]);
  const zone = timeZoneOf((ownerPhone && phoneCountryOf(ownerPhone)) || DEFAULT_PHONE_COUNTRY);
  const view = { operation, locale, zone, ownerName, request: null };
  const state = STATE_OF[operation.status];
  const now = formatDateTimeInZone(new Date(), locale, zone);
  return (
    <PageShell area="site" width="form">
      <StatusPanel
        state={state}
        heading={t(`heading.${state}`)}
        amount={formatMoney(operation.amount, locale)}
      >
        <p>{t(`means.${state}`)}</p>
        <p className="font-semibold text-ink">{t("authentic")}</p>
        <p>{t("now", { site: all("site.name"), date: now })}</p>
      </StatusPanel>
      <Steps steps={await stepLines(view)} />
      <Section heading={all("operation.details")}>
        <div className="mt-3">
          <DetailRows lines={await receiptLines(view)} />
        </div>
      </Section>
      <Section heading={all("seal.heading")}>
        <p className="mt-1 mb-3 text-sm text-muted">{all("seal.what")}</p>
        <DetailRows lines={await sealLines(seal, view)} />
      </Section>
      <div className="mt-5 space-y-2 text-sm text-muted">
        <p>{t("check", { origin: siteUrl("/") })}</p>
        <p>{t("until", { date: formatDate(expiresAt, locale, zone) })}</p>
      </div>
    </PageShell>
  );
}
