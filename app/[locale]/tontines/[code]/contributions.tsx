import { getLocale, getTranslations } from "next-intl/server";
import { formatDayOfMonth } from "@/lib/i18n/format-date";
import type { CurrentTurn } from "@/lib/services/tontines/views/current-turn";
import { DueBadge } from "../due-badge";

/** Shares of a turn that the group's page lists before the rest is folded away. */
const SHOWN = 14;

interface ContributionsProps {
  turn: CurrentTurn;
  zone: string;
}

/** Who has paid in this turn, and who is awaited. */
export async function Contributions({ turn, zone }: ContributionsProps) {
  const t = await getTranslations("tontines");
  const [first, rest] = [turn.contributions.slice(0, SHOWN), turn.contributions.slice(SHOWN)];
  return (
    <div className="mt-3 rounded-card border border-line bg-card px-5">
      <Rows rows={first} zone={zone} />
      {rest.length > 0 && (
        <details className="border-t border-line">
          <summary className="flex min-h-11 cursor-pointer items-center text-muted">
            {t("others", { count: rest.length })}
          </summary>
          <Rows rows={rest} zone={zone} />
        </details>
      )}
    </div>
  );
}

async function Rows({ rows, zone }: { rows: CurrentTurn["contributions"]; zone: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines")]);
  return (
    <ul className="divide-y divide-line">
      {rows.map(({ id, name, isMe, state, paidAt }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2.5">
          <span className="min-w-0 font-semibold">{isMe ? t("you") : <bdi>{name}</bdi>}</span>
          <DueBadge
            state={state}
            {...(state === "paid" &&
              paidAt && { label: t("due.paidOn", { day: formatDayOfMonth(paidAt, locale, zone) }) })}
          />
        </li>
      ))}
    </ul>
  );
}
