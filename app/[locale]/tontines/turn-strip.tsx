import { getLocale, getTranslations } from "next-intl/server";
import { formatDayOfMonth } from "@/lib/i18n/format-date";
import type { TurnView } from "@/lib/services/tontines/views/view";
import { classNames } from "@/lib/ui/class-names";

/** Turns whose pot has reached its receiver. */
const PAID_OUT: readonly string[] = ["paid", "confirmed", "closed"];

interface TurnStripProps {
  turns: readonly TurnView[];
  /** The number of the turn under way. */
  current: number | null;
  zone: string;
}

/** All turns of a cycle in a row: those paid out, the one under way, the viewer's own. */
export async function TurnStrip({ turns, current, zone }: TurnStripProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.turns")]);
  return (
    <ol className="mt-3 flex flex-wrap gap-1.5">
      {turns.map((turn) => {
        const isMine = turn.receivers.some(({ isMe }) => isMe);
        const isPaid = PAID_OUT.includes(turn.state);
        const isCurrent = turn.number === current;
        const receivers = turn.receivers.map(({ name }) => name).join(", ");
        const words = [
          t("number", { number: turn.number }),
          receivers,
          formatDayOfMonth(turn.dueAt, locale, zone),
          ...(isPaid ? [t("paidOut")] : isCurrent ? [t("current")] : []),
          ...(isMine ? [t("yours")] : []),
        ].join(", ");
        return (
          <li
            key={turn.number}
            title={words}
            className={classNames(
              "grid h-9 min-w-9 place-items-center rounded-field border px-1.5 text-sm font-semibold",
              isCurrent
                ? "border-indigo bg-indigo text-white"
                : isPaid
                  ? "border-good text-good"
                  : "border-line bg-card text-muted",
              isMine && "ring-2 ring-ochre",
            )}
          >
            <span aria-hidden="true">{isPaid ? "✓" : turn.number}</span>
            <span className="sr-only">{words}</span>
          </li>
        );
      })}
    </ol>
  );
}
