import type { DecisionRule } from "./decision-rule";
import { exclusion } from "./kinds/exclusion";
import { officer } from "./kinds/officer";
import { pause, resume } from "./kinds/pause";
import { reschedule } from "./kinds/reschedule";
import { waiver } from "./kinds/waiver";

/** Every kind of decision: its majority, deadline and notice, who opens it, what it shows and what it does. */
export const DECISION_RULES = {
  pause,
  resume,
  waiver,
  exclusion,
  reschedule,
  officer,
} as const satisfies Record<string, DecisionRule>;

export type DecisionKind = keyof typeof DECISION_RULES;
export const DECISION_KINDS = Object.keys(DECISION_RULES) as DecisionKind[];

export const isDecisionKind = (text: string): text is DecisionKind => Object.hasOwn(DECISION_RULES, text);

export const ruleOf = (kind: string): DecisionRule => DECISION_RULES[kind as DecisionKind];
