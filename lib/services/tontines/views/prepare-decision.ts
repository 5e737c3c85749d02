import { DomainError } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import type { TypedDecision } from "../decisions/decision-rule";
import { electorateOf } from "../decisions/electorate";
import { mayHold } from "../decisions/kinds/officer";
import { type Majority, votesNeeded } from "../decisions/majority";
import { requireMayOpen } from "../decisions/open-decision";
import { DECISION_KINDS, type DecisionKind, isDecisionKind, ruleOf } from "../decisions/rules-of-kinds";
import { type Group, readOwnGroup } from "../groups/group";
import type { MemberRow } from "../groups/store";
import { TONTINE_ROLES } from "../kinds";
import { type OwedDue, openMinor, selectOpenDues } from "../turns/store";
import { type ConsequenceView, toConsequenceView } from "./decision-view";

/** Somebody whom a decision may be about. */
export interface PersonChoice {
  memberId: string;
  name: string;
}

/** A due that may be waived. */
export interface DueChoice extends PersonChoice {
  dueId: string;
  kind: OwedDue["kind"];
  turn: number;
  open: Money;
}

export interface DecisionChoices {
  code: string;
  name: string;
  /** Kinds that the viewer may open now. */
  kinds: readonly DecisionKind[];
  dues: readonly DueChoice[];
  late: readonly PersonChoice[];
  owing: readonly PersonChoice[];
  /** For each office who could hold it. */
  offices: readonly { role: string; holder: string | null; candidates: readonly PersonChoice[] }[];
}

/** What the viewer may put to the vote now, and about whom. Throws `unauthenticated`, `not_found`. */
export async function getDecisionChoices(context: Context, code: string): Promise<DecisionChoices> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const open = await selectOpenDues(context.db, tontine.id);
  const seen = open.filter(({ memberId }) => memberId === member.id || member.roles.length > 0);
  const person = (id: bigint): PersonChoice => ({
    memberId: id.toString(),
    name: group.members.get(id)?.name ?? "",
  });
  const people = (dues: readonly OwedDue[]) => [...new Set(dues.map(({ memberId }) => memberId))].map(person);
  const choices = {
    dues: seen.map((due) => ({
      ...person(due.memberId),
      dueId: due.id.toString(),
      kind: due.kind,
      turn: due.turnNumber,
      open: money(openMinor(due), tontine.currency),
    })),
    late: people(seen.filter(({ state }) => state === "late")),
    owing: people(seen),
    offices: TONTINE_ROLES.map((role) => ({
      role,
      holder: [...group.members.values()].find(({ roles }) => roles.includes(role))?.name ?? null,
      candidates: [...group.members.values()]
        .filter((each) => mayHold(each, role))
        .map(({ id }) => person(id)),
    })),
  };
  const isEmpty: Partial<Record<DecisionKind, boolean>> = {
    waiver: choices.dues.length === 0,
    exclusion: choices.late.length === 0,
    reschedule: choices.owing.length === 0,
  };
  const kinds = DECISION_KINDS.filter((kind) => mayOpen(group, member, kind) && !isEmpty[kind]);
  return { code: tontine.code, name: tontine.name, kinds, ...choices };
}

function mayOpen(group: Group, member: MemberRow, kind: DecisionKind): boolean {
  try {
    requireMayOpen({ ...group, member }, ruleOf(kind));
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** What members would be shown. */
export interface DecisionPreview {
  kind: DecisionKind;
  subject: string | null;
  candidate: string | null;
  consequences: readonly ConsequenceView[];
  majority: Majority;
  voters: number;
  needed: number;
  votingDays: number;
  noticeDays: number;
}

/** A decision before it is opened, as members would be asked. Throws what `openDecision` throws but for the PIN. */
export async function previewDecision(
  context: Context,
  { code, kind, ...typed }: TypedDecision & { code: string; kind: string },
): Promise<DecisionPreview> {
  const { group, member } = await readOwnGroup(context, code);
  if (!isDecisionKind(kind)) throw new DomainError("not_found");
  const rule = ruleOf(kind);
  requireMayOpen({ ...group, member }, rule);
  const proposal = await rule.prepare(context.db, context, { ...group, member }, typed);
  const { subjectMemberId, candidateMemberId } = proposal;
  const name = (id: bigint | null | undefined) => (id == null ? null : (group.members.get(id)?.name ?? ""));
  const voters = electorateOf(
    group,
    [subjectMemberId, candidateMemberId].flatMap((id) => id ?? []),
  ).length;
  if (voters < 2) throw new DomainError("tontine_not_now");
  return {
    kind,
    subject: name(subjectMemberId),
    candidate: name(candidateMemberId),
    consequences: proposal.consequences.map((each) => toConsequenceView(group, each)),
    majority: rule.majority,
    voters,
    needed: votesNeeded(rule.majority, voters),
    votingDays: rule.votingDays,
    noticeDays: rule.noticeDays,
  };
}
