import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getOperation } from "@/lib/services/operations/get-operation";
import { ButtonLink } from "@/lib/ui/button";
import { PageShell } from "@/lib/ui/page-shell";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { LivePage } from "../../live-page";
import { OperationStatusPanel } from "./operation-status-panel";
import { receiptRows } from "./receipt-rows";

interface OperationPageProps {
  params: Promise<{ reference: string }>;
}

export async function generateMetadata({ params }: OperationPageProps): Promise<Metadata> {
  const { reference } = await params;
  return { title: (await getTranslations("titles"))("operation", { reference }) };
}

/** The status of one operation and its details, as on a receipt. */
export default safePage(async function OperationPage({ params }: OperationPageProps) {
  const { reference } = await params;
  const locale = await getLocale();
  await requireUserOrRedirect(locale, `/wallet/transactions/${reference}`);
  const operation = await nullIfNotFound(getOperation(await currentContext(), reference));
  if (!operation) return missingPage();
  const t = await getTranslations("operation");
  const path = (to: string) => localizedPath(locale, to);
  return (
    <PageShell width="form">
      <OperationStatusPanel operation={operation} locale={locale} />
      <Section heading={t("details")}>
        <div className="mt-3">
          <ReceiptRows rows={await receiptRows(operation, locale)} />
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
