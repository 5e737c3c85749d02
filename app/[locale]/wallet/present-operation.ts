import { getLocale, getTranslations } from "next-intl/server";
import { dayKey, formatDay, formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney, formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { maskPhone } from "@/lib/phone";
import type { OperationStatus, OperationView } from "@/lib/services/operations/view";
import type { OperationDay, OperationItem } from "@/lib/ui/operation-list";
import type { OperationState } from "@/lib/ui/state-badge";

/** The sign and word of each status in the interface. */
export const STATE_OF: Record<OperationStatus, OperationState> = {
  in_progress: "in_progress",
  succeeded: "done",
  failed: "failed",
  expired: "expired",
  refunded: "refunded",
  review: "under_review",
};

/** What came in has a plus, what left or is leaving a minus; what moved nothing in the end has no sign. */
function signOf({ type, status }: OperationView): 1n | 0n | -1n {
  if (type === "deposit") return status === "succeeded" ? 1n : 0n;
  return status === "refunded" ? 0n : -1n;
}

/** The amount as the list and the receipt show it, with its sign. */
export function signedAmount(operation: OperationView, locale: Locale): string {
  const sign = signOf(operation);
  if (sign === 0n) return formatMoney(operation.amount, locale);
  const { amountMinor, currency } = operation.type === "deposit" ? operation.amount : operation.total;
  return formatSignedMoney(money(sign * amountMinor, currency), locale);
}

/** Operations in the order given, grouped by day, everything in words. Phone numbers are masked. */
export async function presentOperations(
  operations: readonly OperationView[],
  now: Date,
): Promise<OperationDay[]> {
  const [locale, kinds, states] = await Promise.all([
    getLocale(),
    getTranslations("kinds"),
    getTranslations("states"),
  ]);
  const days = new Map<string, { heading: string; operations: OperationItem[] }>();
  for (const operation of operations) {
    const key = dayKey(operation.createdAt);
    const day = days.get(key) ?? { heading: formatDay(operation.createdAt, now, locale), operations: [] };
    days.set(key, day);
    const sign = signOf(operation);
    const state = STATE_OF[operation.status];
    day.operations.push({
      href: localizedPath(locale, `/wallet/transactions/${operation.reference}`),
      icon: operation.type === "deposit" ? "top-up" : "withdraw",
      title: kinds(operation.type === "deposit" ? "deposit_by" : "withdrawal_by", {
        method: operation.methodName,
      }),
      subtitle: `${maskPhone(operation.phone)} · ${formatTime(operation.createdAt, locale)}`,
      amount: signedAmount(operation, locale),
      direction: sign === 1n ? "in" : sign === -1n ? "out" : "neutral",
      state,
      stateLabel: states(state),
    });
  }
  return [...days.values()];
}
