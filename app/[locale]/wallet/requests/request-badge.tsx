import { getTranslations } from "next-intl/server";
import type { MoneyRequestStatus } from "@/lib/services/money-requests/view";
import { type OperationState, StateBadge } from "@/lib/ui/state-badge";

/** The icon and colour of each status, among those of operations. */
export const REQUEST_LOOK = {
  open: "in_progress",
  paid: "done",
  declined: "failed",
  cancelled: "failed",
  expired: "expired",
} as const satisfies Record<MoneyRequestStatus, OperationState>;

export async function RequestBadge({ status }: { status: MoneyRequestStatus }) {
  const t = await getTranslations("requests.status");
  return <StateBadge state={REQUEST_LOOK[status]} label={t(status)} />;
}
