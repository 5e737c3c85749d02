import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { AuditView } from "@/lib/services/tontines/views/get-audit";
import { BidiText, isolate } from "@/lib/ui/bidi-text";

/** What was proposed to be paid out, and who approved it when. */
export async function Approvals({ audit }: { audit: AuditView }) {
  const [locale, t, states] = await Promise.all([
    getLocale(),
    getTranslations("tontineBooks.audit"),
    getTranslations("tontineBooks.payout.states"),
  ]);
  if (audit.payouts.length === 0) return <p className="mt-2 text-muted">{t("noPayouts")}</p>;
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {audit.payouts.map((payout) => (
        <li key={payout.id} className="py-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <a
              href={localizedPath(locale, `/tontines/${audit.code}/approve/${payout.id}`)}
              className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
            >
              {t("payoutOf", { turn: payout.turn, amount: formatMoney(payout.amount, locale) })}
            </a>
            <span className="text-sm text-muted">
              <bdi>{payout.receiver}</bdi> · {states(payout.state)}
            </span>
          </div>
          <Names payout={payout} zone={audit.zone} />
        </li>
      ))}
    </ul>
  );
}

async function Names({ payout, zone }: { payout: AuditView["payouts"][number]; zone: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.audit")]);
  if (payout.approvals.length === 0) {
    const isDone = payout.state === "posted";
    return <p className="text-sm text-muted">{t(isDone ? "followsFrom" : "nobodyYet")}</p>;
  }
  return (
    <ul className="text-sm text-muted">
      {payout.approvals.map(({ memberId, name, at }) => (
        <li key={memberId}>
          <BidiText text={t("approvedBy", { name: isolate(name), time: formatDateTime(at, locale, zone) })} />
        </li>
      ))}
    </ul>
  );
}
