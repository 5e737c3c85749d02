import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, inOwnGroup, recordEvents } from "../groups/group";
import type { TontineState } from "../kinds";
import { readId } from "../read-id";
import { type CastVote, castVoteSchema } from "../schema";
import { decide, endStale } from "./decide";
import { mayVote } from "./electorate";
import { findDecision, insertVote, selectVotes } from "./store";

export interface CastVoteResult {
  /** Of the decision after it. */
  state: TontineState<"decision">;
  /** True when the member had voted so before. */
  replayed: boolean;
}

/**
 * Votes on a decision as it was shown (`hash`), once, with the PIN; the vote that decides it also applies it. The same vote again changes nothing.
 * Throws `not_found`, `approval_stale` when something else was shown, `tontine_not_now` (over, or voted otherwise), `tontine_role_missing`
 * for who wasn't asked or is in it no more, and what `checkPin` throws.
 */
export async function castVote(context: Context, input: CastVote): Promise<CastVoteResult> {
  const { code, decisionId, choice, hash, pin } = castVoteSchema.parse(input);
  const own = await findOwnGroup(context, code);
  if (choice === "") throw choiceMissing();
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    const decision = await findDecision(tx, group.tontine.id, readId(decisionId));
    if (!decision) throw new DomainError("not_found");
    const { member } = group;
    if (!decision.voterIds.includes(member.id) || !mayVote(member)) {
      throw new DomainError("tontine_role_missing");
    }
    const votes = await selectVotes(tx, [decision.id]);
    const own = votes.find(({ memberId }) => memberId === member.id);
    const state = decision.state as TontineState<"decision">;
    if (own?.choice === choice) return { state, replayed: true };
    if (decision.shownHash.toString("hex") !== hash) throw new DomainError("approval_stale");
    if (own || state !== "open" || context.now >= decision.closesAt) throw new DomainError("tontine_not_now");
    if (await endStale(tx, context, group, decision)) return { state: "stale", replayed: false };
    await insertVote(tx, {
      decisionId: decision.id,
      memberId: member.id,
      choice,
      shownHash: decision.shownHash,
      votedAt: context.now,
    });
    await recordEvents(tx, context, group, [
      { kind: "vote.cast", memberId: member.id, details: { decision: `${decision.id}` } },
    ]);
    return { state: await decide(tx, context, group, decision), replayed: false };
  });
}

const choiceMissing = () =>
  new DomainError("validation_failed", { issues: [{ field: "choice", reason: "required" }] });
