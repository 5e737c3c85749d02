import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { findOwnGroup, inOwnGroup, recordEvents, requireRole } from "../groups/group";
import { TONTINE_ROLES } from "../kinds";
import { readId } from "../read-id";
import { type AnswerDispute, answerDisputeSchema } from "../schema";
import { readText } from "./open-dispute";
import { findDispute, updateDispute } from "./store";

/** An officer who didn't open it answers a dispute, once, in words that all members read. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `validation_failed`. */
export async function answerDispute(context: Context, input: AnswerDispute): Promise<void> {
  const { code, disputeId, answer: typed } = answerDisputeSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const answer = readText("answer", typed);
  await inOwnGroup(context, own, async (tx, group) => {
    const { member } = group;
    const dispute = await findDispute(tx, group.tontine.id, readId(disputeId));
    if (!dispute) throw new DomainError("not_found");
    requireRole(member, ...TONTINE_ROLES);
    if (dispute.openedByMemberId === member.id) throw new DomainError("tontine_role_missing");
    if (dispute.answer === answer && dispute.answeredByMemberId === member.id) return;
    if (dispute.state !== "opened") throw new DomainError("tontine_not_now");
    const by = { answeredByMemberId: member.id, answeredAt: context.now };
    await updateDispute(tx, dispute.id, { state: "answered", answer, ...by });
    const details = { dispute: `${dispute.id}` };
    await recordEvents(tx, context, group, [
      { kind: "dispute.answered", memberId: member.id, turnId: dispute.turnId, details },
    ]);
  });
}
