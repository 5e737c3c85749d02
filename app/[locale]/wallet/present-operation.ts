import { getLocale, getTranslations } from "next-intl/server";
import { dayOf } from "@/lib/day-range";
import { formatDay, formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { formatMoney, formatSignedMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { maskPhone } from "@/lib/phone";
import type { OperationStatus } from "@/lib/services/operations/kinds";
import { signOf } from "@/lib/services/operations/sign";
import type { OperationView } from "@/lib/services/operations/view";
import type { OperationDay, OperationItem } from "@/lib/ui/operation-list";
import type { OperationState } from "@/lib/ui/state-badge";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { ICONS, titleOf } from "./operation-kinds";

/** The interface's state (icon, colour and word) of each status. */
export const STATE_OF: Record<OperationStatus, OperationState> = {
  in_progress: "in_progress",
  succeeded: "done",
  failed: "failed",
  expired: "expired",
  refunded: "refunded",
  review: "under_review",
};

/** The amount as the list and the receipt show it, with its sign. */
export function signedAmount(operation: OperationView, locale: Locale): string {
  const sign = signOf(operation);
  if (sign === 0n) return formatMoney(operation.amount, locale);
  const { amountMinor, currency } = operation.direction === "in" ? operation.amount : operation.total;
  return formatSignedMoney(money(sign * amountMinor, currency), locale);
}

/** The number of the other side: phones and bank accounts masked, wallet numbers whole since they are public. */
export function shownNumber({ phone, bank, counterparty }: OperationView): string | null {
  if (phone !== null) return maskPhone(phone);
  if (bank !== null) return `${bank.name} ••${bank.accountNumber.slice(-4)}`;
  return counterparty ? groupWalletNumber(counterparty.walletNumber) : null;
}

/** List items in the given order, grouped by day, all texts translated. Phone and account numbers are masked. */
export async function presentOperations(
  operations: readonly OperationView[],
  now: Date,
): Promise<OperationDay[]> {
  const [locale, zone, kinds, methods, states] = await Promise.all([
    getLocale(),
    viewerTimeZone(),
    getTranslations("kinds"),
    getTranslations("methods"),
    getTranslations("states"),
  ]);
  const days = new Map<string, { heading: string; operations: OperationItem[] }>();
  for (const operation of operations) {
    const key = dayOf(operation.createdAt, zone);
    const heading = formatDay(operation.createdAt, now, locale, zone);
    const day = days.get(key) ?? { heading, operations: [] };
    days.set(key, day);
    const sign = signOf(operation);
    const state = STATE_OF[operation.status];
    const details = [shownNumber(operation), formatTime(operation.createdAt, locale, zone)];
    day.operations.push({
      href: localizedPath(locale, `/wallet/transactions/${operation.reference}`),
      icon: ICONS[operation.type],
      title: titleOf(operation, kinds, methods),
      subtitle: details.filter((detail) => detail !== null).join(" · "),
      note: operation.note,
      amount: signedAmount(operation, locale),
      direction: sign === 1n ? "in" : sign === -1n ? "out" : "neutral",
      state,
      stateLabel: states(state),
    });
  }
  return [...days.values()];
}
