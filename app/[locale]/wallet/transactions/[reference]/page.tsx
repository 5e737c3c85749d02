import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { keepOldCopy } from "@/lib/next/old-copies";
import { requireUserOrRedirect } from "@/lib/next/session";
import { siteContact } from "@/lib/next/site-contact";
import { getOperation } from "@/lib/services/operations/get-operation";
import { ButtonLink } from "@/lib/ui/button";
import { ContactLinks } from "@/lib/ui/contact-links";
import { CowrieMark } from "@/lib/ui/cowrie-mark";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { LivePage } from "../../live-page";
import { OperationStatusPanel } from "../../operation-status-panel";
import { receiptRows } from "./receipt-details";
import { Steps } from "./steps";

interface OperationPageProps {
  params: Promise<{ reference: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata({ params }: OperationPageProps): Promise<Metadata> {
  const { reference } = await params;
  return { title: (await getTranslations("titles"))("operation", { reference }) };
}

/** The receipt: the operation's state, its details and steps, and whom to ask. It prints on one page. */
export default safePage(async function OperationPage({ params, searchParams }: OperationPageProps) {
  const { reference } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const operation = await nullIfNotFound(getOperation(await currentContext(), reference));
  if (!operation) return missingPage();
  keepOldCopy();
  const t = await getTranslations("operation");
  const hasReturned = (await searchParams).returned !== undefined;
  return (
    <PageShell>
      <p className="mb-3 hidden items-center gap-2.5 text-lg font-bold print:flex">
        <CowrieMark />
        Cauris
      </p>
      <div className="mx-auto max-w-120 lg:grid lg:max-w-none lg:grid-cols-2 lg:items-start lg:gap-x-6 print:block print:max-w-none">
        <div>
          <OperationStatusPanel
            operation={operation}
            locale={locale}
            hasReturned={hasReturned}
            links={
              <ButtonLink variant="secondary" href={localizedPath(locale, "/wallet/transactions")}>
                {t("back")}
              </ButtonLink>
            }
          />
          <Steps operation={operation} locale={locale} />
        </div>
        <div>
          <Section heading={t("details")} className="mt-7 lg:mt-0 print:mt-4">
            <div className="mt-3">
              <ReceiptRows rows={await receiptRows(operation, locale)} />
            </div>
          </Section>
          <div className="mt-4 text-sm text-muted">
            <p>{t("help", { reference })}</p>
            <ContactLinks contact={siteContact()} about={t("about", { reference })} />
          </div>
        </div>
      </div>
      {operation.status === "in_progress" && <LivePage operation={operation} />}
    </PageShell>
  );
});
