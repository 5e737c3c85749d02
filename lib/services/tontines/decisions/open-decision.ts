import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { findOwnGroup, inOwnGroup, type LockedGroup, recordEvents, requireState } from "../groups/group";
import { type OpenDecision, openDecisionSchema } from "../schema";
import type { Asking, DecisionRule, Proposal } from "./decision-rule";
import { electorateOf } from "./electorate";
import { type DecisionKind, isDecisionKind, ruleOf } from "./rules-of-kinds";
import { type DecisionRow, insertDecision, selectLiveDecisions } from "./store";
import { tellVoters } from "./tell-voters";
import { writeShown } from "./write-shown";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface OpenedDecision {
  decisionId: bigint;
  /** True when the same person had opened the same before, and it isn't over. */
  replayed: boolean;
}

/**
 * Puts a question to the vote, with the PIN: of all members who may vote but for the people concerned, fixed now, bound to what is shown. Opening the
 * same again answers the one that is open. Throws `not_found`, `tontine_not_now` (the group's state, one about the same thing is open, or
 * fewer than two could vote), `tontine_role_missing`, `validation_failed`, and what `checkPin` throws.
 */
export async function openDecision(context: Context, input: OpenDecision): Promise<OpenedDecision> {
  const { code, kind, pin, ...typed } = openDecisionSchema.parse(input);
  if (!isDecisionKind(kind)) throw new DomainError("not_found");
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  return await inOwnGroup(context, own, async (tx, group) => {
    const rule = ruleOf(kind);
    requireMayOpen(group, rule);
    const proposal = await rule.prepare(tx, context, group, typed);
    const live = await selectLiveDecisions(tx, group.tontine.id);
    const same = live.find(({ about }) => about === proposal.about);
    if (same && isSame(same, proposal) && same.openedByMemberId === group.member.id) {
      return { decisionId: same.id, replayed: true };
    }
    if (same) throw new DomainError("tontine_not_now");
    const decision = await insert(tx, context, group, { kind, rule, proposal });
    await recordEvents(tx, context, group, [
      { kind: "decision.opened", memberId: group.member.id, details: { decision: `${decision.id}`, kind } },
    ]);
    await tellVoters(tx, group, decision);
    return { decisionId: decision.id, replayed: false };
  });
}

/** Throws `tontine_not_now`, or `tontine_role_missing` for who may not vote. Who may open which is also the kind's own rule. */
export function requireMayOpen(group: Asking, rule: DecisionRule): void {
  requireState(group, ...rule.states);
  if (!electorateOf(group, []).includes(group.member.id)) throw new DomainError("tontine_role_missing");
  if (rule.openedBy === "officer" && group.member.roles.length === 0) {
    throw new DomainError("tontine_role_missing");
  }
}

const isSame = (decision: DecisionRow, { parameters }: Proposal): boolean =>
  JSON.stringify(Object.entries(decision.parameters as object).sort()) ===
  JSON.stringify(Object.entries(parameters).sort());

async function insert(
  tx: Transaction,
  context: Context,
  group: LockedGroup,
  { kind, rule, proposal }: { kind: DecisionKind; rule: DecisionRule; proposal: Proposal },
): Promise<DecisionRow> {
  const { subjectMemberId, candidateMemberId, dueId, about, parameters } = proposal;
  const concerned = [subjectMemberId, candidateMemberId].flatMap((id) => id ?? []);
  const voterIds = electorateOf(group, concerned);
  if (voterIds.length < 2) throw new DomainError("tontine_not_now");
  const later = (days: number) => new Date(context.now.getTime() + days * DAY_MS);
  const times = {
    closesAt: later(rule.votingDays),
    takesEffectAt: rule.isForNextCycle ? null : later(rule.noticeDays),
  };
  return await insertDecision(tx, {
    tontineId: group.tontine.id,
    kind,
    about,
    openedByMemberId: group.member.id,
    subjectMemberId,
    candidateMemberId: candidateMemberId ?? null,
    dueId: dueId ?? null,
    parameters,
    shown: writeShown(group, { kind, majority: rule.majority, proposal, voterIds, ...times }),
    voterIds,
    openedAt: context.now,
    ...times,
  });
}
