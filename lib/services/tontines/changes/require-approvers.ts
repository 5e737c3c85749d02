import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Group } from "../groups/group";
import type { TontineState } from "../kinds";
import { selectTurnsOfShares } from "../turns/store";

const APPROVERS = 2;
const CAN_APPROVE: readonly string[] = ["active", "late", "defaulted"] satisfies TontineState<"member">[];
const IS_PAID: readonly string[] = [
  "paid",
  "confirmed",
  "closed",
  "cancelled",
] satisfies TontineState<"turn">[];

/**
 * Throws `tontine_not_now` when somebody's going would leave a turn that isn't paid without two members who could approve it: its money would
 * stay in the pot. `place` is what the one who goes hands over.
 */
export async function requireApprovers(
  tx: Transaction,
  { holders, members, cycle }: Group,
  goneId: bigint,
  place?: { holderId: bigint; toMemberId: bigint },
): Promise<void> {
  const turnOfShare = await selectTurnsOfShares(tx, cycle.id);
  const receiversOf = new Map<bigint, Set<bigint>>();
  for (const { id, shareId, memberId } of holders) {
    const turn = turnOfShare.get(shareId);
    if (!turn || IS_PAID.includes(turn.state)) continue;
    const receiver = place && id === place.holderId ? place.toMemberId : memberId;
    receiversOf.set(turn.id, (receiversOf.get(turn.id) ?? new Set()).add(receiver));
  }
  const able = [...members.values()].filter(({ id, userId, state }) => {
    return id !== goneId && userId !== null && (CAN_APPROVE.includes(state) || id === place?.toMemberId);
  });
  const isShort = [...receiversOf.values()].some(
    (receivers) => able.filter(({ id }) => !receivers.has(id)).length < APPROVERS,
  );
  if (isShort) throw new DomainError("tontine_not_now");
}
