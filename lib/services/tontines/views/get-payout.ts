import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { findPayout, mayApprove } from "../payouts/store";
import { readId } from "../read-id";
import { findTurn } from "../turns/store";
import { type PayoutView, toPayoutView } from "./payout-view";
import { selectNamedApprovals } from "./store";

export interface PayoutDetails extends PayoutView {
  code: string;
  tontine: string;
  zone: string;
  turn: number;
  /** Of what is shown: an approval is bound to it. */
  hash: string;
  /** The viewer may approve or refuse it now, and has not yet. */
  mayApprove: boolean;
  hasApproved: boolean;
  isReceiver: boolean;
}

/** A payout as those see it who approve it. Throws `unauthenticated`, and `not_found` for another group's. */
export async function getPayout(
  context: Context,
  { code, payoutId }: { code: string; payoutId: string },
): Promise<PayoutDetails> {
  const { group, member } = await readOwnGroup(context, code);
  const payout = await findPayout(context.db, group.tontine.id, readId(payoutId));
  if (!payout) throw new DomainError("not_found");
  const [turn, approvals, may] = [
    await findTurn(context.db, payout.turnId),
    await selectNamedApprovals(context.db, group.tontine.id),
    await mayApprove(context.db, payout.id, member.id, context.now),
  ];
  const view = toPayoutView(group, payout, approvals);
  const hasApproved = view.approvals.some(({ memberId }) => memberId === member.id.toString());
  return {
    ...view,
    code: group.tontine.code,
    tontine: group.tontine.name,
    zone: group.tontine.zone,
    turn: turn.number,
    hash: payout.shownHash.toString("hex"),
    mayApprove: payout.state === "proposed" && may && !hasApproved,
    hasApproved,
    isReceiver: payout.memberId === member.id,
  };
}
