import { getLocale, getTranslations } from "next-intl/server";
import { formatMoney } from "@/lib/money/format-money";
import type { DebtView } from "@/lib/services/tontines/views/standing";

interface DebtListProps {
  debts: readonly DebtView[];
  /** Who is named: whom the viewer owes, or who owes the viewer. */
  side: "creditor" | "debtor";
}

/** Open debts, each with its person and the turn that it comes from. */
export async function DebtList({ debts, side }: DebtListProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.debts")]);
  return (
    <ul className="mt-2 divide-y divide-line">
      {debts.map((debt) => (
        <li key={debt.id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
          <span className="min-w-0">
            <span className="font-semibold">{debt[side] === null ? t("fund") : <bdi>{debt[side]}</bdi>}</span>{" "}
            <span className="text-sm text-muted">{t("turn", { turn: debt.turn })}</span>
          </span>
          <span className="font-semibold">{formatMoney(debt.open, locale)}</span>
        </li>
      ))}
    </ul>
  );
}
