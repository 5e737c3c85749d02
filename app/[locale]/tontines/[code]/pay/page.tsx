import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getPayment, type Payee, type PaymentView } from "@/lib/services/tontines/views/get-payment";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { EmptyState } from "@/lib/ui/empty-state";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { TontinePage } from "../../tontine-page";
import { AdvancePayment } from "./advance-payment";
import { DuesPayment } from "./dues-payment";
import { Extension } from "./extension";
import { PayeeChoice } from "./payee-choice";

interface PayPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontinePay") };
}

/**
 * Reviews a payment into a group, and pays it with the PIN: own dues, somebody else's (`?for=<member>`, `?for=others` chooses), a part of one
 * (`?amount=`), or ahead (`?advance=`).
 */
export default safePage(async function PayPage({ params, searchParams }: PayPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const payment = await nullIfNotFound(getPayment(await currentContext(), code));
  if (!payment) return missingPage();
  const t = await getTranslations("tontines.pay");
  if (query.advance !== undefined) {
    return (
      <TontinePage tontine={payment} width="form" hasBar={false} title={t("ahead")} lead={t("aheadLead")}>
        <AdvancePayment payment={payment} query={query} />
      </TontinePage>
    );
  }
  if (query.for === "others") {
    return (
      <TontinePage tontine={payment} width="form" title={t("forOthers")} lead={t("forOthersLead")}>
        <PayeeChoice payment={payment} />
      </TontinePage>
    );
  }
  const payee = payeeOf(payment, query);
  if (!payee) return missingPage();
  const title = payee.isMe ? (
    t("heading")
  ) : (
    <BidiText text={t("headingFor", { name: isolate(payee.name) })} />
  );
  return (
    <TontinePage
      tontine={payment}
      width="form"
      hasBar={payee.dues.length === 0}
      title={title}
      lead={t(payee.isMe ? "lead" : "leadFor")}
    >
      {payee.dues.length === 0 ? (
        <EmptyState
          icon="check"
          title={t("nothing")}
          text={t("nothingText")}
          action={{
            href: `${localizedPath(locale, `/tontines/${payment.code}/pay`)}?advance=1`,
            label: t("ahead"),
          }}
        />
      ) : (
        <DuesPayment payment={payment} payee={payee} query={query} />
      )}
      {payee.isMe && <Extension payment={payment} />}
    </TontinePage>
  );
});

/** The viewer, or whom `?for=` names among those whose dues the viewer may pay. */
function payeeOf({ payees }: PaymentView, query: Query): Payee | undefined {
  if (query.for === undefined) return payees.find(({ isMe }) => isMe);
  return payees.find(({ memberId }) => memberId === query.for);
}
