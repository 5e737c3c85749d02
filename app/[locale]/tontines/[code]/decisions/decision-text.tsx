import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { formatMoney } from "@/lib/money/format-money";
import type { ConsequenceView, DecisionView } from "@/lib/services/tontines/views/decision-view";
import { isolate } from "@/lib/ui/bidi-text";

type Asked = Pick<DecisionView, "kind" | "subject" | "candidate"> & { role?: string | null };

/** What a decision asks, as a sentence. */
export async function questionOf({ kind, subject, candidate, role }: Asked): Promise<string> {
  const [t, books] = await Promise.all([
    getTranslations("tontineDecisions"),
    getTranslations("tontineBooks.members"),
  ]);
  return t(`questions.${kind}`, {
    name: subject === null ? "" : isolate(subject),
    candidate: candidate === null ? "" : isolate(candidate),
    office: role ? books(`roles.${role as "chair"}`) : "",
  });
}

interface ConsequencesProps {
  consequences: readonly ConsequenceView[];
}

/** What follows from it, in figures. */
export async function Consequences({ consequences }: ConsequencesProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  return (
    <ul className="mt-2 list-disc space-y-1 pl-5">
      {consequences.map(({ what, amount, name, turn, day, count }) => (
        <li key={`${what} ${turn} ${name}`}>
          {t(`consequences.${what as "pot_short"}`, {
            amount: amount ? formatMoney(amount, locale) : "",
            name: name ? isolate(name) : "",
            turn: turn ?? 0,
            day: day ? formatDate(new Date(`${day}T12:00:00Z`), locale, "UTC") : "",
            count: count ?? 0,
          })}
        </li>
      ))}
    </ul>
  );
}
