import { invariant } from "@/lib/invariant";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, inOwnGroup, OFFICERS, recordEvents, requireRole, requireState } from "../groups/group";
import { updateTontine } from "../groups/store";
import { postSteps } from "../money/post-steps";
import { countOpenDebtsOfDue, repayDebt, setDueRepaid } from "../money/store";
import { type Confirmed, confirmedSchema } from "../schema";
import { planReturns } from "./plan-returns";
import { planShareOut } from "./plan-share-out";

/**
 * Closes a group whose turns have all ended, with the PIN of an officer: deposits and what was paid in advance go back, after what their owner owes;
 * the box and the fund are shared out by shares, exactly. What a wallet can't take is kept for its owner; debts stay open. Again changes
 * nothing. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, and what `checkPin` throws.
 */
export async function closeTontine(context: Context, input: Confirmed): Promise<void> {
  const { code, pin } = confirmedSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, ...OFFICERS);
    if (group.tontine.state === "closed") return;
    requireState(group, "closing");
    const { steps: returns, repayments, toFundMinor } = await planReturns(tx, context, group);
    const shares = await planShareOut(tx, context, group, { amountMinor: toFundMinor });
    const posted = await postSteps(tx, context, group, [...returns, ...shares]);
    for (const { debt, amountMinor, reference } of repayments) {
      const operationId = posted.find(({ operation }) => operation?.reference === reference)?.operationId;
      invariant(operationId, "a repayment is an operation");
      await repayDebt(tx, debt, amountMinor, operationId);
      if ((await countOpenDebtsOfDue(tx, debt.dueId)) === 0) await setDueRepaid(tx, debt.dueId);
    }
    await updateTontine(tx, group.tontine.id, { state: "closed" });
    await recordEvents(tx, context, group, [
      { kind: "group.closed", memberId: group.member.id },
      ...posted.flatMap(({ operation, amountMinor }) =>
        operation?.type === "tontine_share_out"
          ? [{ kind: "share_out.paid" as const, memberId: operation.memberId, amountMinor }]
          : [],
      ),
    ]);
  });
}
