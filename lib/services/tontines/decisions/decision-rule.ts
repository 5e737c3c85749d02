import type { Reader, Transaction } from "@/db/client";
import type { Context } from "../../context";
import type { Group } from "../groups/group";
import type { MemberRow } from "../groups/store";
import type { TontineState } from "../kinds";
import type { Majority } from "./majority";
import type { DecisionRow } from "./store";

/** A figure, a person or a day that members are shown as a consequence: `what` is a key below `tontineDecisions.consequences`. */
export interface Consequence {
  what: string;
  /** Minor units of the group's currency, in decimal digits. */
  amountMinor?: string;
  name?: string;
  turn?: number;
  /** `2026-12-31`. */
  day?: string;
  count?: number;
}

/** What a form asks a group to decide; empty fields are not of its kind. */
export interface TypedDecision {
  memberId: string;
  dueId: string;
  role: string;
  /** `2026-12-31`. */
  day: string;
}

/** What a decision is made with. */
export interface Proposal {
  /** What it is about: one that isn't over a group. */
  about: string;
  subjectMemberId: bigint | null;
  /** Concerned too. */
  candidateMemberId?: bigint;
  dueId?: bigint;
  parameters: Readonly<Record<string, string>>;
  consequences: readonly Consequence[];
}

/** A group and who asks; nobody while the system looks whether a decision still holds. */
export interface Asking extends Group {
  member: MemberRow;
}

/** One kind of decision. Its majority and notice are the database's too (tontine_decision_kinds). */
export interface DecisionRule {
  majority: Majority;
  /** From its opening to its effect at the least, however early the votes are enough. */
  noticeDays: number;
  votingDays: number;
  /** States of the group in which it is opened. */
  states: readonly TontineState<"group">[];
  /** Who opens it: any member who may vote, or who holds an office; `prepare` may allow more. */
  openedBy: "member" | "officer";
  /** Waits for the next cycle once it is adopted. */
  isForNextCycle?: true;
  /** Reads and checks what is asked for. Throws `not_found`, `tontine_not_now`, `tontine_role_missing`, `validation_failed`. */
  prepare(reader: Reader, context: Context, group: Asking, typed: TypedDecision): Promise<Proposal>;
  /** Whether what was shown has changed so that it can't be applied any more. */
  isStale(tx: Transaction, context: Context, group: Group, decision: DecisionRow): Promise<boolean>;
  /** Under the group's lock, once, for a decision that is adopted and not stale. */
  apply(tx: Transaction, context: Context, group: Group, decision: DecisionRow): Promise<void>;
}

/** A parameter that the kind's `prepare` has written. */
export function parameterOf(decision: DecisionRow, name: string): string {
  return (decision.parameters as Record<string, string>)[name] ?? "";
}
