import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, type Group, inOwnGroup, recordEvents } from "../groups/group";
import type { TontineState } from "../kinds";
import { planReturns, recordReturns } from "../money/return-payments";
import { readId } from "../read-id";
import { type RuleDispute, ruleDisputeSchema } from "../schema";
import { cancelDue, lockDues } from "../turns/store";
import {
  type DisputeRow,
  findDispute,
  insertRuling,
  isRuled,
  mayRule,
  selectRulings,
  updateDispute,
} from "./store";
import { tellOfDispute } from "./tell-dispute";

/**
 * An officer rules on a dispute, once, with the PIN: for who opened it (`granted`) or against (`upheld`). Two who agree settle it, the auditor among them where
 * there is one. A fine that is cancelled is owed no more, and what was paid of it goes back from the box. The same again changes nothing.
 * Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, and what `checkPin` throws.
 */
export async function ruleDispute(
  context: Context,
  input: RuleDispute,
): Promise<{ state: TontineState<"dispute"> }> {
  const { code, disputeId, outcome, pin } = ruleDisputeSchema.parse(input);
  const own = await findOwnGroup(context, code);
  if (outcome === "") throw new DomainError("not_found");
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    const { member } = group;
    const dispute = await findDispute(tx, group.tontine.id, readId(disputeId));
    if (!dispute) throw new DomainError("not_found");
    const state = dispute.state as TontineState<"dispute">;
    const mine = (await selectRulings(tx, [dispute.id])).find(({ memberId }) => memberId === member.id);
    if (mine?.outcome === outcome) return { state };
    if (!(await mayRule(tx, dispute.id, member.id))) throw new DomainError("tontine_role_missing");
    if (mine || (state !== "opened" && state !== "answered")) throw new DomainError("tontine_not_now");
    await insertRuling(tx, { disputeId: dispute.id, memberId: member.id, outcome, ruledAt: context.now });
    const event = { memberId: member.id, turnId: dispute.turnId };
    const details = { dispute: `${dispute.id}`, outcome };
    await recordEvents(tx, context, group, [{ kind: "dispute.ruled", ...event, details }]);
    if (!(await isRuled(tx, dispute.id, outcome))) return { state };
    await updateDispute(tx, dispute.id, { state: "settled", outcome, settledAt: context.now });
    if (dispute.about === "fine" && outcome === "granted") await cancelFine(tx, context, group, dispute);
    await recordEvents(tx, context, group, [{ kind: "dispute.settled", ...event, details }]);
    await tellOfDispute(tx, group, dispute, "settled");
    return { state: "settled" };
  });
}

/** Nothing of it is owed any more, and what was paid goes back from the box to who paid it. */
async function cancelFine(
  tx: Transaction,
  context: Context,
  group: Group,
  dispute: DisputeRow,
): Promise<void> {
  const fines = await lockDues(tx, group.tontine.id, dispute.dueId === null ? [] : [dispute.dueId]);
  await recordReturns(tx, context, group, await planReturns(tx, context, group, fines));
  for (const fine of fines) {
    await cancelDue(tx, fine);
    const { id: dueId, turnId, memberId, amountMinor } = fine;
    const details = { reason: "disputed" };
    await recordEvents(tx, context, group, [
      { kind: "fine.cancelled", dueId, turnId, memberId, amountMinor, details },
    ]);
  }
}
