import { getTranslations } from "next-intl/server";
import { Section } from "@/lib/ui/section";
import type { StepLine } from "./receipt-lines";

/** What happened to an operation, and when. */
export async function Steps({ steps }: { steps: readonly StepLine[] }) {
  if (steps.length === 0) return null;
  const t = await getTranslations("operation");
  return (
    <Section heading={t("timeline")} className="mt-7 print:mt-4">
      <ol className="mt-3 rounded-card border border-line bg-card px-4 py-3">
        {steps.map(({ label, value, at }) => (
          <li
            key={at.getTime()}
            className="relative flex flex-wrap justify-between gap-x-4 border-l-2 border-line py-1.5 pl-4 print:py-0.5 last:font-semibold before:absolute before:top-3.5 before:-left-1.25 before:size-2 before:rounded-full before:bg-link"
          >
            <span>{label}</span>
            <time dateTime={at.toISOString()} className="font-normal text-muted">
              {value}
            </time>
          </li>
        ))}
      </ol>
    </Section>
  );
}
