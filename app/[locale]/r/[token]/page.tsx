import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import { linkPreview } from "@/lib/next/link-preview";
import { currentUser, requireUserOrRedirect } from "@/lib/next/session";
import { getMoneyRequestByToken, previewMoneyRequest } from "@/lib/services/money-requests/get-money-request";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { AccountLinks } from "../../account-links";
import { missingPage } from "../../missing-page";
import { nullIfNotFound } from "../../null-if-not-found";
import { safePage } from "../../safe-page";
import { RequestView } from "../../wallet/requests/request-view";

interface RequestLinkPageProps {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const [titles, t] = await Promise.all([getTranslations("titles"), getTranslations("linkPreview")]);
  const title = titles("moneyRequest");
  return { ...(await linkPreview(title, t("moneyRequest"))), title, robots: { index: false, follow: false } };
}

/** Where the link of a request leads: to the request, or, signed out, to its amount and to sign-in and sign-up, which come back here. */
export default safePage(async function RequestLinkPage({ params }: RequestLinkPageProps) {
  const { token } = await params;
  const locale = await getLocale();
  if (!(await currentUser())) return await signedOutPage(token);
  await requireUserOrRedirect(locale);
  const request = await nullIfNotFound(getMoneyRequestByToken(await currentContext(), token));
  if (!request) return missingPage();
  // Its two sides have a page of their own, which needs no link.
  if (request.isMine || request.payer) redirect(localizedPath(locale, `/wallet/requests/${request.id}`));
  return (
    <PageShell>
      <RequestView request={request} token={token} />
    </PageShell>
  );
});

async function signedOutPage(token: string) {
  const preview = await nullIfNotFound(previewMoneyRequest(await currentContext(), token));
  if (!preview) return missingPage();
  const [locale, t] = await Promise.all([getLocale(), getTranslations("requests")]);
  const { amount, status } = preview;
  const here = `/r/${token}`;
  return (
    <PageShell area="site" width="form">
      <PageHeading
        title={t("signedOut.heading", { amount: formatMoney(amount, locale) })}
        lead={status === "open" ? t("signedOut.lead") : t(`ended.${status}`)}
      />
      <AccountLinks here={here} first="signIn" />
    </PageShell>
  );
}
