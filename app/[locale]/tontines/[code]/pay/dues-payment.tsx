import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { newKey } from "@/lib/ids";
import { compare } from "@/lib/money/arithmetic";
import { formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import type { Query } from "@/lib/next/next-path";
import type { Payee, PaymentView } from "@/lib/services/tontines/views/get-payment";
import { AmountField } from "@/lib/ui/amount-field";
import { Button } from "@/lib/ui/button";
import { Disclosure } from "@/lib/ui/disclosure";
import type { ReceiptRow } from "@/lib/ui/receipt-rows";
import { amountReasons, unitOf } from "../../../wallet/amount-field-props";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { payContributions } from "../../actions";
import { formatDue } from "../../format-due";
import { PaymentReview } from "./payment-review";

interface DuesPaymentProps {
  payment: PaymentView;
  payee: Payee;
  query: Query;
}

/** Dues of the viewer or of somebody else: all that is open, or a part of a single one where the rules allow it. */
export async function DuesPayment({ payment, payee, query }: DuesPaymentProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.pay")]);
  const { code, available, partsAllowed } = payment;
  const canBePart = partsAllowed && payee.dues.length === 1;
  const part = canBePart ? readPart(query, payee.total) : { typed: "", amount: null, reason: null };
  const amount = part.amount ?? payee.total;
  const ofPayee = payee.isMe ? "" : `?for=${payee.memberId}`;
  const rows = await duesRows(payment, payee);
  return (
    <>
      <PaymentReview rows={rows} amount={amount} available={available}>
        <PinEntry
          name="pay-dues"
          action={payContributions}
          hidden={{
            code,
            dues: payee.dues.map(({ id }) => id).join(" "),
            amount: part.amount === null ? "" : part.typed,
          }}
          formKey={newKey()}
          path={`/tontines/${code}/pay${ofPayee}`}
          submit={t("submit", { amount: formatMoney(amount, locale) })}
        />
      </PaymentReview>
      {canBePart && <PartForm payment={payment} payee={payee} part={part} />}
    </>
  );
}

async function duesRows(payment: PaymentView, payee: Payee): Promise<ReceiptRow[]> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.pay")]);
  return await Promise.all(
    payee.dues.map(async ({ id, kind, turn, open, dueAt }) => ({
      key: id,
      label: t(`kinds.${kind}`, { turn, when: await formatDue(dueAt, locale, payment.zone) }),
      value: formatMoney(open, locale),
    })),
  );
}

interface Part {
  typed: string;
  /** Null for all of it. */
  amount: Money | null;
  /** Why what was typed can't be paid; a key of `fields`. */
  reason: string | null;
}

/** What `?amount=` asks for: less than all. */
function readPart({ amount: typed }: Query, total: Money): Part {
  if (typeof typed !== "string" || typed.trim() === "" || typed.length > 40) {
    return { typed: "", amount: null, reason: null };
  }
  const parsed = parseAmount(typed, total.currency);
  if ("reason" in parsed) return { typed, amount: null, reason: parsed.reason };
  const amount = money(parsed.amountMinor, total.currency);
  return { typed, amount: compare(amount, total) < 0 ? amount : null, reason: null };
}

/** The rules allow parts: another amount of the only due. */
async function PartForm({ payment, payee, part }: { payment: PaymentView; payee: Payee; part: Part }) {
  const [locale, t, reasons] = await Promise.all([
    getLocale(),
    getTranslations("tontines.pay"),
    amountReasons(),
  ]);
  return (
    <div className="mt-5 rounded-card border border-line bg-card">
      <Disclosure summary={t("part")} open={part.typed !== ""}>
        <form method="get" action={localizedPath(locale, `/tontines/${payment.code}/pay`)}>
          {!payee.isMe && <input type="hidden" name="for" value={payee.memberId} />}
          <AmountField
            {...(await unitOf(payee.total.currency))}
            name="amount"
            label={t("partAmount")}
            hint={t("partHint", { amount: formatMoney(payee.total, locale) })}
            defaultValue={part.typed}
            error={part.reason === null ? undefined : reasons[part.reason as keyof typeof reasons]}
          />
          <Button wide variant="secondary">
            {t("partSubmit")}
          </Button>
        </form>
      </Disclosure>
    </div>
  );
}
