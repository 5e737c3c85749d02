import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { DebtView, Standing as StandingView } from "@/lib/services/tontines/views/standing";
import { ButtonLink } from "@/lib/ui/button";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { DebtList } from "./debt-list";

const isOpen = ({ open }: DebtView) => open.amountMinor > 0n;

interface StandingProps {
  code: string;
  standing: StandingView;
}

/** Whom the viewer owes, with the button that repays it; and who owes the viewer. Nothing where nobody does. */
export async function Debts({ code, standing }: StandingProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.debts")]);
  const [owes, claims] = [standing.owes.filter(isOpen), standing.claims.filter(isOpen)];
  return (
    <>
      {owes.length > 0 && (
        <section className="mt-3 rounded-card border border-line bg-card p-5">
          <h2 className="font-semibold">{t("youOwe", { amount: formatMoney(standing.owed, locale) })}</h2>
          <p className="text-sm text-muted">{t("youOweText")}</p>
          <DebtList debts={owes} side="creditor" />
          <ButtonLink
            wide
            variant="secondary"
            href={localizedPath(locale, `/tontines/${code}/repay`)}
            className="mt-3"
          >
            {t("repay", { amount: formatMoney(standing.owed, locale) })}
          </ButtonLink>
        </section>
      )}
      {claims.length > 0 && (
        <section className="mt-3 rounded-card border border-line bg-card p-5">
          <h2 className="font-semibold">
            {t("youAreOwed", { amount: formatMoney(standing.claimed, locale) })}
          </h2>
          <p className="text-sm text-muted">{t("youAreOwedText")}</p>
          <DebtList debts={claims} side="debtor" />
        </section>
      )}
    </>
  );
}

/** What the group keeps for the viewer: paid ahead, as a deposit, and what their wallet couldn't take. Nothing where there is none. */
export async function KeptForMe({ standing }: Pick<StandingProps, "standing">) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.debts")]);
  const { advance, deposit, kept } = standing;
  const rows = [
    ...(advance.amountMinor > 0n ? [{ label: t("advance"), value: formatMoney(advance, locale) }] : []),
    ...(deposit.amountMinor > 0n ? [{ label: t("deposit"), value: formatMoney(deposit, locale) }] : []),
    ...(kept ? [{ label: t("kept"), value: formatMoney(kept.amount, locale) }] : []),
  ];
  if (rows.length === 0) return null;
  return (
    <div className="mt-3">
      <ReceiptRows rows={rows} />
      {kept && <p className="mt-2 text-sm text-muted">{t(`reasons.${kept.reason}`)}</p>}
    </div>
  );
}
