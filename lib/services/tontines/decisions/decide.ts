import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, recordEvents } from "../groups/group";
import type { TontineState } from "../kinds";
import { outcomeOf } from "./majority";
import { ruleOf } from "./rules-of-kinds";
import { type DecisionRow, selectVotes, updateDecision } from "./store";
import { tellResult } from "./tell-voters";

type State = TontineState<"decision">;

/** Ends a decision whose votes are enough, or whose deadline has passed, and applies it in the same transaction. Answers its state. */
export async function decide(
  tx: Transaction,
  context: Context,
  group: Group,
  decision: DecisionRow,
): Promise<State> {
  const votes = await selectVotes(tx, [decision.id]);
  const yes = votes.filter(({ choice }) => choice === "yes").length;
  const { majority } = ruleOf(decision.kind);
  const isOver = context.now >= decision.closesAt;
  const counted = { voters: decision.voterIds.length, yes, no: votes.length - yes, isOver };
  const outcome = outcomeOf({ majority, ...counted });
  if (outcome === null) return "open";
  await updateDecision(tx, decision.id, { state: outcome, decidedAt: context.now });
  await record(tx, context, group, decision, outcome);
  if (outcome === "adopted") return await applyWhenDue(tx, context, group, decision);
  await tellResult(tx, group, decision, "rejected");
  return outcome;
}

/** Applies an adopted decision once its notice is over. Answers its state. */
export async function applyWhenDue(
  tx: Transaction,
  context: Context,
  group: Group,
  decision: DecisionRow,
): Promise<State> {
  const { takesEffectAt } = decision;
  if (takesEffectAt === null || context.now < takesEffectAt) {
    await tellResult(tx, group, decision, "adopted");
    return "adopted";
  }
  if (await endStale(tx, context, group, decision)) return "stale";
  // Told before: who is excluded by it is told too.
  await tellResult(tx, group, decision, "adopted");
  await ruleOf(decision.kind).apply(tx, context, group, decision);
  await updateDecision(tx, decision.id, { state: "applied", appliedAt: context.now });
  await record(tx, context, group, decision, "applied");
  return "applied";
}

/** Ends a decision that can't be applied any more as it was shown. Answers whether it did. */
export async function endStale(
  tx: Transaction,
  context: Context,
  group: Group,
  decision: DecisionRow,
): Promise<boolean> {
  if (!(await ruleOf(decision.kind).isStale(tx, context, group, decision))) return false;
  await updateDecision(tx, decision.id, {
    state: "stale",
    ...(decision.decidedAt === null && { decidedAt: context.now }),
  });
  await record(tx, context, group, decision, "stale");
  return true;
}

async function record(
  tx: Transaction,
  context: Context,
  group: Group,
  { id, kind, subjectMemberId }: DecisionRow,
  state: Exclude<State, "open" | "withdrawn">,
): Promise<void> {
  const about = subjectMemberId === null ? {} : { memberId: subjectMemberId };
  await recordEvents(tx, context, group, [
    { kind: `decision.${state}`, ...about, details: { decision: `${id}`, kind } },
  ]);
}
