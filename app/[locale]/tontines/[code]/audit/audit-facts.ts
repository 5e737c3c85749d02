import type { getTranslations } from "next-intl/server";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import type { AuditView } from "@/lib/services/tontines/views/get-audit";

type Words = Awaited<ReturnType<typeof getTranslations<"tontineBooks.audit">>>;

/** What each promise comes to in this group, in its own numbers. */
export function auditFacts(
  audit: AuditView,
  locale: Locale,
  t: Words,
): Record<AuditView["checks"][number]["promise"], string> {
  const { figures, currency, rulesVersion, fineCapMinor, isClosed } = audit;
  const { ended, last, dues, payments, shares, taken, payouts, approvals, members, signed, left } = figures;
  const amount = (minor: bigint) => formatMoney(money(minor, currency), locale);
  return {
    T1: t("facts.T1", {
      ...{ ended, last },
      ...{ came: amount(figures.came), went: amount(figures.went), held: amount(figures.held) },
    }),
    T2: t("facts.T2", {
      ...{ dues, paid: amount(figures.paid), covered: amount(figures.covered) },
      ...{ waived: amount(figures.waived), open: amount(figures.open) },
    }),
    T3: t("facts.T3", { payments, moved: amount(figures.moved) }),
    T4: t("facts.T4", { taken, shares }),
    T5: t("facts.T5", { payouts, handed: amount(figures.handed) }),
    T6: t("facts.T6", { payouts, approvals }),
    T7: t("facts.T7", { signed, members, version: rulesVersion }),
    T8: t("facts.T8", { left }),
    T9: t("facts.T9", {
      ...{ lent: amount(figures.lent), repaid: amount(figures.repaid) },
      debt: amount(figures.lent - figures.repaid),
    }),
    T10: t("facts.T10"),
    T11: t("facts.T11"),
    T12: t("facts.T12", { automatic: figures.automatic, amount: amount(figures.taken_by_mandate) }),
    T13: t("facts.T13", {
      ...{ fines: figures.fines, amount: amount(figures.fined) },
      cap: amount(fineCapMinor),
    }),
    T14: t("facts.T14", { closed: isClosed ? "yes" : "no", kept: amount(figures.kept) }),
    decisions: t("facts.decisions"),
    operations: t("facts.operations"),
    triggers: t("facts.triggers"),
  };
}
