import { getTranslations } from "next-intl/server";
import type { QuoteProblem } from "@/lib/services/operations/quote-problem";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";

interface QuoteProblemNoticeProps {
  problem: QuoteProblem;
  /** The form that makes a new quote, and the label of the link to it. */
  formPath: string;
  again: string;
}

/** Why a quote can't be confirmed, with a link to make another. */
export async function QuoteProblemNotice({ problem, formPath, again }: QuoteProblemNoticeProps) {
  const errors = await getTranslations("errors");
  return (
    <>
      <Notice tone="bad">{errors(problem)}</Notice>
      <ButtonLink wide href={formPath}>
        {again}
      </ButtonLink>
    </>
  );
}
