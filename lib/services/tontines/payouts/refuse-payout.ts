import { DomainError } from "@/lib/errors";
import { cleanLine } from "@/lib/text";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, inOwnGroup, recordEvents } from "../groups/group";
import { readId } from "../read-id";
import { type RefusePayout, refusePayoutSchema } from "../schema";
import { endPayout, findPayout, mayApprove } from "./store";

const REASON_LENGTH_MAX = 140;

/**
 * An officer refuses a payout, with a reason that all members see; it is proposed again when its amount changes, or by `proposeAgain`.
 * Throws `not_found`, `approval_stale`, `tontine_role_missing`, `validation_failed` about `reason`, and what `checkPin` throws.
 */
export async function refusePayout(context: Context, input: RefusePayout): Promise<void> {
  const { code, payoutId, reason: typed, pin } = refusePayoutSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const reason = cleanLine(typed);
  if (reason === "" || [...reason].length > REASON_LENGTH_MAX) {
    const why = reason === "" ? "required" : "too_long";
    throw new DomainError("validation_failed", {
      issues: [{ field: "reason", reason: why, values: { max: REASON_LENGTH_MAX } }],
    });
  }
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const payout = await findPayout(tx, group.tontine.id, readId(payoutId));
    if (!payout) throw new DomainError("not_found");
    if (payout.state === "refused") return;
    if (payout.state !== "proposed") throw new DomainError("approval_stale");
    if (!(await mayApprove(tx, payout.id, group.member.id, context.now))) {
      throw new DomainError("tontine_role_missing");
    }
    await endPayout(tx, payout.id, { state: "refused", reason });
    const about = { turnId: payout.turnId, payoutId: payout.id, memberId: group.member.id };
    await recordEvents(tx, context, group, [{ kind: "payout.refused", ...about }]);
  });
}
