import { type Money, money } from "@/lib/money/money";
import { type Consequence, parameterOf } from "../decisions/decision-rule";
import { mayVote } from "../decisions/electorate";
import { type Majority, votesNeeded } from "../decisions/majority";
import { type DecisionKind, ruleOf } from "../decisions/rules-of-kinds";
import type { DecisionRow, VoteRow } from "../decisions/store";
import { readConsequences } from "../decisions/write-shown";
import type { Group } from "../groups/group";
import type { MemberRow } from "../groups/store";
import type { TontineState } from "../kinds";

/** What follows from a decision: a key below `tontineDecisions.consequences`, with its figures. */
export interface ConsequenceView extends Omit<Consequence, "amountMinor"> {
  amount: Money | null;
}

export interface DecisionView {
  id: string;
  kind: DecisionKind;
  state: TontineState<"decision">;
  /** The person concerned, who doesn't vote. */
  subject: string | null;
  candidate: string | null;
  /** Of an office; null for other kinds. */
  role: string | null;
  isAboutMe: boolean;
  consequences: readonly ConsequenceView[];
  majority: Majority;
  /** How many may vote, must say yes, and have voted. */
  voters: number;
  needed: number;
  voted: number;
  /** Null while the viewer hasn't voted. */
  myVote: VoteRow["choice"] | null;
  /** The viewer may vote now. */
  isAwaited: boolean;
  mayWithdraw: boolean;
  openedBy: string;
  openedAt: Date;
  closesAt: Date;
  takesEffectAt: Date | null;
  decidedAt: Date | null;
  /** Who voted what; only once it is over. */
  votes: readonly { memberId: string; name: string; choice: VoteRow["choice"]; at: Date }[];
  /** Of what is shown: a vote is bound to it. */
  hash: string;
}

export function toConsequenceView(
  group: Group,
  { amountMinor, ...consequence }: Consequence,
): ConsequenceView {
  const amount = amountMinor === undefined ? null : money(BigInt(amountMinor), group.tontine.currency);
  return { ...consequence, amount };
}

export function toDecisionView(
  group: Group,
  viewer: MemberRow,
  decision: DecisionRow,
  votes: readonly VoteRow[],
  now: Date,
): DecisionView {
  const name = (id: bigint | null) => (id === null ? null : (group.members.get(id)?.name ?? ""));
  const { majority } = ruleOf(decision.kind);
  const voters = decision.voterIds.length;
  const myVote = votes.find(({ memberId }) => memberId === viewer.id)?.choice ?? null;
  const isOpen = decision.state === "open" && now < decision.closesAt;
  return {
    id: decision.id.toString(),
    kind: decision.kind as DecisionKind,
    state: decision.state as TontineState<"decision">,
    subject: name(decision.subjectMemberId),
    candidate: name(decision.candidateMemberId),
    role: parameterOf(decision, "role") || null,
    isAboutMe: [decision.subjectMemberId, decision.candidateMemberId].includes(viewer.id),
    consequences: readConsequences(decision.shown).map((each) => toConsequenceView(group, each)),
    majority,
    voters,
    needed: votesNeeded(majority, voters),
    voted: votes.length,
    myVote,
    isAwaited: isOpen && myVote === null && decision.voterIds.includes(viewer.id) && mayVote(viewer),
    mayWithdraw: decision.state === "open" && decision.openedByMemberId === viewer.id,
    openedBy: name(decision.openedByMemberId) ?? "",
    openedAt: decision.openedAt,
    closesAt: decision.closesAt,
    takesEffectAt: decision.takesEffectAt,
    decidedAt: decision.decidedAt,
    votes:
      decision.state === "open"
        ? []
        : votes.map(({ memberId, choice, votedAt }) => ({
            memberId: memberId.toString(),
            name: name(memberId) ?? "",
            choice,
            at: votedAt,
          })),
    hash: decision.shownHash.toString("hex"),
  };
}
