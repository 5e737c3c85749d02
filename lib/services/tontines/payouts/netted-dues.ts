import type { OwedDue } from "../turns/store";

/**
 * Whether a payout in a turn first pays this due of its receiver: what is late in another turn, and fines; what is late in this one's pot
 * would go round in a circle.
 */
export function isNetted(due: OwedDue, receiverId: bigint, turnId: bigint): boolean {
  if (due.memberId !== receiverId) return false;
  if (due.state === "late") return due.turnId !== turnId || due.kind !== "contribution";
  return due.kind === "fine";
}
