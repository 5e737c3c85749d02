import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import type { DecisionChoices } from "@/lib/services/tontines/views/prepare-decision";
import { Button } from "@/lib/ui/button";
import { Field } from "@/lib/ui/field";
import { Icon } from "@/lib/ui/icons";
import { type DecisionQuery, decisionQuery, nextField } from "./decision-query";

interface ChoicesProps {
  choices: DecisionChoices;
  typed: DecisionQuery;
  /** Of the page, with its language. */
  path: string;
  /** Why the last answer was refused. */
  problem: string | null;
}

interface Choice {
  label: string;
  text?: string;
  more: Partial<DecisionQuery>;
}

/** The next answer of a new decision, as links; a day as a field. */
export async function Choices({ choices, typed, path, problem }: ChoicesProps) {
  const t = await getTranslations("tontineDecisions");
  const next = nextField(typed);
  if (next === "day") return <DayForm typed={typed} path={path} problem={problem} />;
  const offered = await choicesOf(choices, typed, next);
  if (offered.length === 0) return <p className="text-muted">{t("nothingToAsk")}</p>;
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
      {offered.map(({ label, text, more }) => (
        <li key={decisionQuery(typed, more)}>
          <a
            href={`${path}?${decisionQuery(typed, more)}`}
            className="flex min-h-13 items-center justify-between gap-4 px-5 py-3 -outline-offset-4 hover:bg-tint/50"
          >
            <span className="min-w-0">
              <bdi className="block font-semibold">{label}</bdi>
              {text && <span className="block text-sm text-muted">{text}</span>}
            </span>
            <Icon name="forward" className="size-4 shrink-0 text-muted" />
          </a>
        </li>
      ))}
    </ul>
  );
}

async function choicesOf(
  choices: DecisionChoices,
  typed: DecisionQuery,
  next: ReturnType<typeof nextField>,
): Promise<Choice[]> {
  const [locale, t, books, kinds] = await Promise.all([
    getLocale(),
    getTranslations("tontineDecisions"),
    getTranslations("tontineBooks.members"),
    getTranslations("tontineBooks.turn.kinds"),
  ]);
  if (next === "kind") {
    return choices.kinds.map((kind) => ({
      label: t(`kinds.${kind}`),
      text: t(`kindTexts.${kind}`),
      more: { kind },
    }));
  }
  if (next === "role") {
    return choices.offices
      .filter(({ candidates }) => candidates.length > 0)
      .map(({ role, holder }) => ({
        label: books(`roles.${role as "chair"}`),
        text: holder ?? t("vacant"),
        more: { role },
      }));
  }
  if (next === "dueId") {
    return choices.dues.map(({ dueId, name, kind, turn, open }) => ({
      label: name,
      text: t("dueOf", { kind: kinds(kind, { amount: formatMoney(open, locale) }), turn }),
      more: { dueId },
    }));
  }
  const office = choices.offices.find(({ role }) => role === typed.role);
  const people =
    typed.kind === "officer"
      ? (office?.candidates ?? [])
      : typed.kind === "exclusion"
        ? choices.late
        : choices.owing;
  return people.map(({ memberId, name }) => ({ label: name, more: { memberId } }));
}

async function DayForm({ typed, path, problem }: Pick<ChoicesProps, "typed" | "path" | "problem">) {
  const t = await getTranslations("tontineDecisions");
  return (
    <form method="get" action={path}>
      {Object.entries({ kind: typed.kind, memberId: typed.memberId }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Field
        name="day"
        type="date"
        label={t("day")}
        hint={t("dayHint")}
        defaultValue={typed.day}
        error={problem ?? undefined}
      />
      <Button wide>{t("review")}</Button>
    </form>
  );
}
