import { getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import type { Locale } from "@/lib/i18n/routing";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { OperationDetails, OperationStep } from "@/lib/services/operations/get-operation";
import { Section } from "@/lib/ui/section";
import { STEP_OF } from "../../operation-kinds";

/** What happened to the operation, and when; nothing where there was a single step. */
export async function Steps({ operation, locale }: { operation: OperationDetails; locale: Locale }) {
  const [t, steps, zone] = await Promise.all([
    getTranslations("operation"),
    getTranslations("steps"),
    viewerTimeZone(),
  ]);
  const shown = shownSteps(operation.steps);
  if (shown.length < 2) return null;
  return (
    <Section heading={t("timeline")} className="mt-7 print:mt-4">
      <ol className="mt-3 rounded-card border border-line bg-card px-4 py-3">
        {shown.map(({ state, at }) => (
          <li
            key={at.getTime()}
            className="relative flex flex-wrap justify-between gap-x-4 border-l-2 border-line py-1.5 pl-4 print:py-0.5 last:font-semibold before:absolute before:top-3.5 before:-left-1.25 before:size-2 before:rounded-full before:bg-link"
          >
            <span>{steps(labelOf(operation, state))}</span>
            <time dateTime={at.toISOString()} className="font-normal text-muted">
              {formatDateTime(at, locale, zone)}
            </time>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Without what only concerns the software, and without repetitions: a payout may be submitted several times. */
function shownSteps(steps: readonly OperationStep[]): OperationStep[] {
  const shown = steps.filter(({ state }) => STEP_OF[state] !== null);
  return shown.filter(({ state }, index) => {
    const before = shown[index - 1];
    return before === undefined || STEP_OF[before.state] !== STEP_OF[state];
  });
}

function labelOf({ type }: OperationDetails, state: OperationStep["state"]) {
  if (type === "deposit" && state === "succeeded") return "deposited";
  return STEP_OF[state] ?? "succeeded";
}
