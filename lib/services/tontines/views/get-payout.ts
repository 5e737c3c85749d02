import { DomainError } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { isNetted } from "../payouts/netted-dues";
import { findPayout, mayApprove } from "../payouts/store";
import { readId } from "../read-id";
import { findTurn, openMinor, selectOpenDues } from "../turns/store";
import { type PayoutView, toPayoutView } from "./payout-view";
import { selectNamedApprovals } from "./store";
import { isOfficer } from "./view";

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
  /** What the receiver still owes and is taken from it first, before it is paid; null for who may not know. */
  arrears: Money | null;
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
  const open = await selectOpenDues(context.db, group.tontine.id);
  const arrears = open
    .filter((due) => isNetted(due, payout.memberId, payout.turnId))
    .reduce((sum, due) => sum + openMinor(due), 0n);
  const mayKnow = payout.state === "proposed" && (payout.memberId === member.id || isOfficer(member));
  const least = arrears < payout.amountMinor ? arrears : payout.amountMinor;
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
    arrears: mayKnow ? money(least, group.tontine.currency) : null,
  };
}
