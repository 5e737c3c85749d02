import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { leftValues } from "@/lib/i18n/left-values";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { MoneyOutLimit } from "@/lib/services/money-out-limits/find-money-out-limit";
import type { QuoteProblem } from "@/lib/services/operations/quote-problem";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";

interface QuoteProblemNoticeProps {
  problem: QuoteProblem;
  /** What limits the person's money out. */
  limit: MoneyOutLimit | null;
  /** The form that makes a new quote, and the label of the link to it. */
  formPath: string;
  again: string;
}

/** Why a quote can't be confirmed, with a link to make another. */
export async function QuoteProblemNotice({ problem, limit, formPath, again }: QuoteProblemNoticeProps) {
  const [errors, locale, zone] = await Promise.all([
    getTranslations("errors"),
    getLocale(),
    viewerTimeZone(),
  ]);
  const until = limit ? formatDateTime(limit.until, locale, zone) : "";
  return (
    <>
      <Notice tone="bad">{errors(problem, { until, ...leftValues(limit?.left, locale) })}</Notice>
      <ButtonLink wide href={formPath}>
        {again}
      </ButtonLink>
    </>
  );
}
