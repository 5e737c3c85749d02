import { DomainError } from "@/lib/errors";
import { type Group, memberOf, recordEvents } from "../../groups/group";
import { type MemberRow, updateMember } from "../../groups/store";
import { TONTINE_ROLES } from "../../kinds";
import { type Consequence, type DecisionRule, parameterOf } from "../decision-rule";
import { mayVote } from "../electorate";

const holderOf = ({ members }: Group, role: string): MemberRow | undefined =>
  [...members.values()].find(({ roles }) => roles.includes(role));

/** Somebody who could hold an office besides what they hold: the auditor holds no other one. */
export function mayHold(member: MemberRow, role: string): boolean {
  if (!mayVote(member) || member.roles.includes(role)) return false;
  return role === "auditor" ? member.roles.length === 0 : !member.roles.includes("auditor");
}

/** An office goes to somebody else at once. What the former officer has approved and isn't paid yet needs another approval. */
export const officer: DecisionRule = {
  majority: "half",
  noticeDays: 0,
  votingDays: 3,
  states: ["running", "paused", "closing"],
  openedBy: "member",
  prepare: async (_reader, _context, group, { role, memberId }) => {
    if (!(TONTINE_ROLES as readonly string[]).includes(role)) throw new DomainError("not_found");
    const candidate = memberOf(group, memberId);
    if (!mayHold(candidate, role)) throw new DomainError("tontine_not_now");
    const holder = holderOf(group, role);
    const leaves: Consequence[] = holder ? [{ what: "leaves_office", name: holder.name }] : [];
    return {
      about: `officer:${role}`,
      subjectMemberId: holder?.id ?? null,
      candidateMemberId: candidate.id,
      parameters: { role, candidate: candidate.id.toString() },
      consequences: [...leaves, { what: "takes_office", name: candidate.name }],
    };
  },
  isStale: async (_tx, _context, group, decision) => {
    const role = parameterOf(decision, "role");
    const candidate = group.members.get(decision.candidateMemberId ?? 0n);
    return (
      (holderOf(group, role)?.id ?? null) !== decision.subjectMemberId ||
      !candidate ||
      !mayHold(candidate, role)
    );
  },
  apply: async (tx, context, group, decision) => {
    const role = parameterOf(decision, "role");
    const holder = group.members.get(decision.subjectMemberId ?? 0n);
    const candidate = group.members.get(decision.candidateMemberId ?? 0n);
    const changes = [
      ...(holder ? [{ member: holder, roles: holder.roles.filter((each) => each !== role) }] : []),
      ...(candidate ? [{ member: candidate, roles: [...candidate.roles, role] }] : []),
    ];
    for (const { member, roles } of changes) {
      await updateMember(tx, member.id, { roles });
      const details = { roles: roles.join(" ") };
      await recordEvents(tx, context, group, [{ kind: "member.roles", memberId: member.id, details }]);
    }
  },
};
