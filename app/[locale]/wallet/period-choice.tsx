import { getTranslations } from "next-intl/server";
import { PERIODS, type Period } from "@/lib/services/balance-history/periods";
import { classNames } from "@/lib/ui/class-names";

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
  return (
    <nav aria-label={t("periods")} className="no-print mb-3">
      <ul className="grid grid-cols-3 gap-2">
        {PERIODS.map((period) => (
          <li key={period} className="flex">
            <a
              href={`${path}?${new URLSearchParams({ ...query, period })}`}
              {...(period === current && { "aria-current": "true" as const })}
              className={classNames(
                "flex min-h-11 grow items-center justify-center rounded-field border bg-card px-2 text-center text-sm font-semibold",
                period === current ? "border-link ring-1 ring-link" : "border-edge text-muted hover:bg-tint",
              )}
            >
              {t(`period.${period}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
