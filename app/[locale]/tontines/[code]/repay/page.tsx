import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { compare } from "@/lib/money/arithmetic";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getRepayment, type RepaymentView } from "@/lib/services/tontines/views/get-repayment";
import { Disclosure } from "@/lib/ui/disclosure";
import { EmptyState } from "@/lib/ui/empty-state";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { plainAmount } from "../../../payment-link";
import { safePage } from "../../../safe-page";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { repay } from "../../actions";
import { TontinePage } from "../../tontine-page";
import { DebtList } from "../debt-list";
import { AmountForm, amountProblem, readTypedAmount } from "../pay/amount-form";
import { PaymentReview } from "../pay/payment-review";

interface RepayPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineRepay") };
}

/** What the viewer owes those who paid for them, and the PIN that repays all of it, or a part (`?amount=`). */
export default safePage(async function RepayPage({ params, searchParams }: RepayPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const repayment = await nullIfNotFound(getRepayment(await currentContext(), code));
  if (!repayment) return missingPage();
  const t = await getTranslations("tontines.repay");
  const hasDebts = repayment.debts.length > 0;
  return (
    <TontinePage
      tontine={repayment}
      width="form"
      hasBar={!hasDebts}
      title={t("heading")}
      lead={hasDebts ? t("lead") : undefined}
    >
      {hasDebts ? (
        <Repayment repayment={repayment} query={query} />
      ) : (
        <EmptyState
          icon="check"
          title={t("nothing")}
          text={t("nothingText")}
          action={{ href: localizedPath(locale, `/tontines/${repayment.code}`), label: t("toGroup") }}
        />
      )}
    </TontinePage>
  );
});

async function Repayment({ repayment, query }: { repayment: RepaymentView; query: Query }) {
  const [locale, t, pay] = await Promise.all([
    getLocale(),
    getTranslations("tontines.repay"),
    getTranslations("tontines.pay"),
  ]);
  const { code, owed, available, debts } = repayment;
  const path = localizedPath(locale, `/tontines/${code}/repay`);
  const typed = readTypedAmount(query.amount, owed.currency);
  const isTooMuch = typed.amount !== null && compare(typed.amount, owed) > 0;
  const isRefused = isTooMuch || typed.reason !== null;
  const amount = isRefused ? owed : (typed.amount ?? owed);
  const form = (
    <AmountForm
      currency={owed.currency}
      path={path}
      hint={t("partHint", { amount: formatMoney(owed, locale) })}
      typed={typed.typed}
      error={isTooMuch ? t("tooMuch") : await amountProblem(typed.reason)}
    />
  );
  if (isRefused) return form;
  return (
    <>
      <DebtList debts={debts} side="creditor" />
      <div className="mt-5">
        <PaymentReview rows={[]} amount={amount} available={available}>
          <PinEntry
            name="repay-debts"
            action={repay}
            hidden={{ code, amount: plainAmount(amount) }}
            formKey={newKey()}
            path={`/tontines/${code}/repay`}
            submit={t("submit", { amount: formatMoney(amount, locale) })}
          />
        </PaymentReview>
      </div>
      <Disclosure summary={typed.amount ? pay("otherAmount") : t("part")}>{form}</Disclosure>
    </>
  );
}
