import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import type { CurrentTurn } from "@/lib/services/tontines/views/current-turn";
import { BidiText, isolate } from "@/lib/ui/bidi-text";
import { formatDue } from "./format-due";

interface TurnCardProps {
  turn: CurrentTurn;
  turnCount: number;
  zone: string;
}

/** Who receives how much when, and how many have paid. */
export async function TurnCard({ turn, turnCount, zone }: TurnCardProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.turn")]);
  const names = turn.receivers.map(({ name }) => isolate(name)).join(", ");
  const isMe = turn.receivers.length === 1 && turn.receivers[0]?.isMe;
  return (
    <section
      aria-label={t("number", { number: turn.number, count: turnCount })}
      className="flex flex-wrap items-center justify-between gap-4 rounded-card bg-indigo bg-linear-to-br from-indigo to-indigo-bright p-5 text-white"
    >
      <div className="min-w-0">
        <p className="text-sm text-white/85">{t("number", { number: turn.number, count: turnCount })}</p>
        <p className="mt-1 text-xl leading-snug font-bold">
          {isMe ? t("youReceive") : <BidiText text={t("receives", { name: names })} />}
          <br />
          {formatMoney(turn.expected, locale)}
        </p>
        <p className="mt-1 text-sm text-white/85">{await formatDue(turn.dueAt, locale, zone)}</p>
      </div>
      {turn.contributions.length > 0 && (
        <PaidRing
          paid={turn.paidCount}
          count={turn.contributions.length}
          label={t("paidOf", { count: turn.contributions.length })}
        />
      )}
    </section>
  );
}

/** How many have paid, as a ring around the number. */
function PaidRing({ paid, count, label }: { paid: number; count: number; label: string }) {
  return (
    <div className="relative grid size-25 shrink-0 place-items-center">
      <svg viewBox="0 0 100 100" aria-hidden="true" className="absolute inset-0 -rotate-90">
        <circle cx="50" cy="50" r="43" fill="none" stroke="#fff" strokeOpacity=".25" strokeWidth="11" />
        {paid > 0 && (
          <circle
            cx="50"
            cy="50"
            r="43"
            fill="none"
            stroke="#e9c46a"
            strokeWidth="11"
            strokeLinecap={paid === count ? "butt" : "round"}
            pathLength={count}
            strokeDasharray={`${paid} ${count}`}
          />
        )}
      </svg>
      <p className="text-center text-xs leading-tight">
        <span className="block text-xl font-bold">{paid}</span>
        {label}
      </p>
    </div>
  );
}
