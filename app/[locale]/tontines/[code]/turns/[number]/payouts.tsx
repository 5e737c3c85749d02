import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { TurnDetails } from "@/lib/services/tontines/views/get-turn";
import type { PayoutView } from "@/lib/services/tontines/views/payout-view";

/** What a turn pays out: to whom, how much, who approved it. */
export async function Payouts({ turn }: { turn: TurnDetails }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.turn")]);
  if (turn.payouts.length === 0) return <p className="mt-2 text-muted">{t("noPayout")}</p>;
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {turn.payouts.map((payout) => (
        <li key={payout.id} className="py-3">
          <a
            href={localizedPath(locale, `/tontines/${turn.code}/approve/${payout.id}`)}
            className="block -outline-offset-2 hover:bg-tint/50"
          >
            <span className="flex flex-wrap items-baseline justify-between gap-x-4">
              <bdi className="min-w-0 font-semibold underline underline-offset-4">{payout.receiver}</bdi>
              <span className="font-semibold">{formatMoney(payout.amount, locale)}</span>
            </span>
            <span className="mt-0.5 block text-sm text-muted">
              <PayoutState payout={payout} zone={turn.zone} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** `2 approbations sur 2 · remis le 4 décembre 2026`. */
async function PayoutState({ payout, zone }: { payout: PayoutView; zone: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.payout")]);
  const { state, approvals, postedAt } = payout;
  if (state === "posted" && postedAt) {
    return <>{t("postedOn", { day: formatDate(postedAt, locale, zone) })}</>;
  }
  return (
    <>
      {t(`states.${state}`)}
      {state === "proposed" && ` · ${t("approvals", { count: approvals.length })}`}
    </>
  );
}
