import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { isDisputed } from "../disputes/store";
import { findOwnGroup, inOwnGroup, type LockedGroup, recordEvents } from "../groups/group";
import { postSteps } from "../money/post-steps";
import { readId } from "../read-id";
import { type ApprovePayout, payoutSchema } from "../schema";
import { findTurn } from "../turns/store";
import { finishPayout, preparePayout } from "./payout-steps";
import { settlePaidTurn } from "./settle-turn";
import { findPayout, insertApproval, isApproved, mayApprove, type PayoutRow } from "./store";

/**
 * An officer approves a payout as it was shown (`hash`), with the PIN; the second approval pays it, to the holder of the turn. The receiver never
 * approves; the auditor takes the place of an officer who receives. Approving again changes nothing. Answers whether it is paid. Throws
 * `not_found`, `tontine_disputed`, `approval_stale` when amount or receiver have changed, `tontine_role_missing`, and what `checkPin` throws.
 */
export async function approvePayout(context: Context, input: ApprovePayout): Promise<{ isPaid: boolean }> {
  const { code, payoutId, hash, pin } = payoutSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    const payout = await findPayout(tx, group.tontine.id, readId(payoutId));
    if (!payout) throw new DomainError("not_found");
    if (payout.shownHash.toString("hex") !== hash) throw new DomainError("approval_stale");
    if (payout.state === "posted") return { isPaid: true };
    if (payout.state !== "proposed") throw new DomainError("approval_stale");
    if (await isDisputed(tx, payout.turnId)) throw new DomainError("tontine_disputed");
    const { member } = group;
    if (!(await mayApprove(tx, payout.id, member.id, context.now))) {
      throw new DomainError("tontine_role_missing");
    }
    const { shownHash } = payout;
    const approval = { payoutId: payout.id, memberId: member.id, shownHash, approvedAt: context.now };
    if (await insertApproval(tx, approval)) {
      const about = { turnId: payout.turnId, payoutId: payout.id, memberId: member.id };
      await recordEvents(tx, context, group, [{ kind: "approval.given", ...about }]);
    }
    if (!(await isApproved(tx, payout.id))) return { isPaid: false };
    await pay(tx, context, group, payout);
    return { isPaid: true };
  });
}

async function pay(tx: Transaction, context: Context, group: LockedGroup, payout: PayoutRow): Promise<void> {
  const turn = await findTurn(tx, payout.turnId);
  const prepared = await preparePayout(tx, context, group, turn, payout);
  const posted = await postSteps(tx, context, group, prepared.steps);
  await finishPayout(tx, context, group, prepared, posted);
  await settlePaidTurn(tx, context, group, turn);
}
