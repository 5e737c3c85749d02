import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { groupReference, readReference } from "@/lib/ids";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { keepOldCopy } from "@/lib/next/old-copies";
import { requireUserOrRedirect } from "@/lib/next/session";
import { siteContact } from "@/lib/next/site-contact";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { getProfile } from "@/lib/services/identity/users/get-profile";
import { shownName } from "@/lib/services/identity/users/shown-name";
import { findPaidRequest } from "@/lib/services/money-requests/get-money-request";
import { getOperation } from "@/lib/services/operations/get-operation";
import { listReceiptLinks } from "@/lib/services/receipts/list-receipt-links";
import { maskReceipt } from "@/lib/services/receipts/mask-receipt";
import { ButtonLink } from "@/lib/ui/button";
import { ContactLinks } from "@/lib/ui/contact-links";
import { CowrieMark } from "@/lib/ui/cowrie-mark";
import { PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { DetailRows } from "../../../receipt/detail-rows";
import { receiptLines, stepLines } from "../../../receipt/receipt-lines";
import { ShareReceipt } from "../../../receipt/share-receipt";
import { Steps } from "../../../receipt/steps";
import { safePage } from "../../../safe-page";
import { LivePage } from "../../live-page";
import { OperationStatusPanel } from "../../operation-status-panel";

interface OperationPageProps {
  params: Promise<{ reference: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata({ params }: OperationPageProps): Promise<Metadata> {
  const { reference } = await params;
  const shown = groupReference(readReference(reference));
  return { title: (await getTranslations("titles"))("operation", { reference: shown }) };
}

/** The receipt: the operation's state, its details and steps, and whom to ask. It prints on one page. */
export default safePage(async function OperationPage({ params, searchParams }: OperationPageProps) {
  const { reference } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const operation = await nullIfNotFound(getOperation(context, reference));
  if (!operation) return missingPage();
  keepOldCopy();
  const [t, { returned, link: done }, zone, { firstName, lastName }, request, links] = await Promise.all([
    getTranslations("operation"),
    searchParams,
    viewerTimeZone(),
    getProfile(context),
    operation.type === "transfer" ? findPaidRequest(context, operation.reference) : null,
    listReceiptLinks(context, operation),
  ]);
  const view = { operation, locale, zone, ownerName: `${firstName} ${lastName}`, request };
  const shared = {
    ...maskReceipt(operation, shownName(firstName, lastName), null),
    locale,
    zone,
    request: null,
  };
  const shown = groupReference(operation.reference);
  return (
    <PageShell>
      {/* Named for the printer: app/globals.css gives it the paper's size. */}
      <div className="receipt">
        <p className="mb-3 hidden items-center gap-2.5 text-lg font-bold print:flex">
          <CowrieMark />
          Cauris
        </p>
        <div className="mx-auto max-w-120 lg:grid lg:max-w-none lg:grid-cols-2 lg:grid-rows-[auto_1fr] lg:items-start lg:gap-x-6 print:block print:max-w-none">
          <div>
            <OperationStatusPanel
              operation={operation}
              locale={locale}
              hasReturned={returned !== undefined}
              links={
                <ButtonLink variant="secondary" href={localizedPath(locale, "/wallet/transactions")}>
                  {t("back")}
                </ButtonLink>
              }
            />
            <Steps steps={await stepLines(view)} />
          </div>
          <div className="lg:col-start-2 lg:row-span-2">
            <Section heading={t("details")} className="mt-7 lg:mt-0 print:mt-4">
              <div className="mt-3">
                <DetailRows lines={await receiptLines(view)} />
              </div>
            </Section>
            <div className="mt-4 text-sm text-muted">
              <p>{t("help", { reference: shown })}</p>
              <ContactLinks contact={siteContact()} about={t("about", { reference: shown })} />
            </div>
          </div>
          <ShareReceipt
            view={shared}
            links={links}
            done={done === "made" || done === "ended" ? done : null}
          />
        </div>
      </div>
      {operation.status === "in_progress" && <LivePage operation={operation} />}
    </PageShell>
  );
});
