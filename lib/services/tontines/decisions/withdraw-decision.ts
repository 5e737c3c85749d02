import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { findOwnGroup, inOwnGroup, recordEvents } from "../groups/group";
import { readId } from "../read-id";
import { findDecision, updateDecision } from "./store";

/** Who opened a decision takes it back while it is open. Again changes nothing. Throws `not_found`, `tontine_not_now` once it is decided. */
export async function withdrawDecision(
  context: Context,
  { code, decisionId }: { code: string; decisionId: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const decision = await findDecision(tx, group.tontine.id, readId(decisionId));
    if (decision?.openedByMemberId !== group.member.id) throw new DomainError("not_found");
    if (decision.state === "withdrawn") return;
    if (decision.state !== "open") throw new DomainError("tontine_not_now");
    await updateDecision(tx, decision.id, { state: "withdrawn", decidedAt: context.now });
    const details = { decision: `${decision.id}`, kind: decision.kind };
    await recordEvents(tx, context, group, [
      { kind: "decision.withdrawn", memberId: group.member.id, details },
    ]);
  });
}
