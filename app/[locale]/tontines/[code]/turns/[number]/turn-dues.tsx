import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { formatMoney } from "@/lib/money/format-money";
import type { TurnDetails, TurnDueView } from "@/lib/services/tontines/views/get-turn";
import { DueBadge } from "../../../due-badge";

/** What each member has to pay in a turn, and how it was paid. */
export async function TurnDues({ turn }: { turn: Pick<TurnDetails, "dues" | "state" | "zone"> }) {
  const t = await getTranslations("tontineBooks.turn");
  if (turn.dues.length === 0)
    return <p className="mt-2 text-muted">{t(turn.state === "deferred" ? "deferred" : "notCalled")}</p>;
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
      {turn.dues.map((due) => (
        <li key={due.id} className="py-3">
          <Due due={due} zone={turn.zone} />
        </li>
      ))}
    </ul>
  );
}

async function Due({ due, zone }: { due: TurnDueView; zone: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineBooks.turn")]);
  const { name, isMe, kind, amount, open, state, paidAt, paidBy, isStanding } = due;
  const isPart = open.amountMinor > 0n && open.amountMinor < amount.amountMinor;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 font-semibold">{isMe ? t("you") : <bdi>{name}</bdi>}</span>
        <DueBadge state={state} />
      </div>
      <p className="mt-0.5 text-sm text-muted">
        {t(`kinds.${kind}`, { amount: formatMoney(amount, locale) })}
        {isPart && ` · ${t("open", { amount: formatMoney(open, locale) })}`}
        {paidAt &&
          ` · ${t(isStanding ? "paidStanding" : "paidOn", { day: formatDate(paidAt, locale, zone) })}`}
        {paidBy !== null && (
          <>
            {" · "}
            {t("paidBy")} <bdi>{paidBy}</bdi>
          </>
        )}
      </p>
    </>
  );
}
