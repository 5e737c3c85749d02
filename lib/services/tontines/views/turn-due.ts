import { type Money, money } from "@/lib/money/money";
import type { Group } from "../groups/group";
import { type OwedDue, openMinor } from "../turns/store";
import type { selectPaidBy } from "./store";
import { type DueState, type DueViewer, shownState } from "./view";

/** A due of a turn as a member of the group may see it. */
export interface TurnDueView {
  id: string;
  memberId: string;
  name: string;
  isMe: boolean;
  kind: OwedDue["kind"];
  amount: Money;
  open: Money;
  /** `late` only for the debtor and for officers: others read `awaited`. */
  state: DueState;
  /** When it was last paid; null while nothing was. */
  paidAt: Date | null;
  /** The member who paid for the debtor; null for one who paid their own. */
  paidBy: string | null;
  isStanding: boolean;
}

export function toTurnDue(
  group: Group,
  viewer: DueViewer,
  due: OwedDue,
  paid: Awaited<ReturnType<typeof selectPaidBy>>,
): TurnDueView {
  const { currency } = group.tontine;
  const last = paid.get(due.id) ?? null;
  const payer = last?.payerMemberId ?? null;
  const isOther = payer !== null && payer !== due.memberId;
  return {
    id: due.id.toString(),
    memberId: due.memberId.toString(),
    name: group.members.get(due.memberId)?.name ?? "",
    isMe: due.memberId === viewer.id,
    kind: due.kind,
    amount: money(due.amountMinor, currency),
    open: money(openMinor(due), currency),
    state: shownState(due, viewer),
    paidAt: last?.at ?? null,
    paidBy: isOther ? (group.members.get(payer)?.name ?? null) : null,
    isStanding: last?.isStanding ?? false,
  };
}
