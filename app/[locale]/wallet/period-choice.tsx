import { getTranslations } from "next-intl/server";
import { PERIODS, type Period } from "@/lib/services/balance-history/periods";
import { ChoiceLinks } from "@/lib/ui/choice-links";

interface PeriodChoiceProps {
  current: Period;
  /** The page in the reader's language. */
  path: string;
  /** What its address has besides. */
  query?: Readonly<Record<string, string>>;
}

/** Links to a balance over each period. */
export async function PeriodChoice({ current, path, query }: PeriodChoiceProps) {
  const t = await getTranslations("balanceHistory");
  const choices = PERIODS.map((period) => ({
    label: t(`period.${period}`),
    href: `${path}?${new URLSearchParams({ ...query, period })}`,
    isCurrent: period === current,
  }));
  return <ChoiceLinks label={t("periods")} choices={choices} className="no-print mb-3" />;
}
