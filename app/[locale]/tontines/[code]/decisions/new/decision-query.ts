import type { Query } from "@/lib/next/next-path";
import type { TypedDecision } from "@/lib/services/tontines/decisions/decision-rule";

const FIELDS = ["kind", "memberId", "dueId", "role", "day"] as const;

/** What a decision's form has asked so far, from the page's query. */
export type DecisionQuery = Record<(typeof FIELDS)[number], string>;

export function readDecisionQuery(query: Query): DecisionQuery {
  const read = (name: string) => {
    const value = query[name];
    return typeof value === "string" ? value.slice(0, 40) : "";
  };
  return Object.fromEntries(FIELDS.map((name) => [name, read(name)])) as DecisionQuery;
}

/** The same as a query, with more answers. */
export function decisionQuery(typed: DecisionQuery, more: Partial<DecisionQuery>): string {
  const filled = Object.entries({ ...typed, ...more }).filter(([, value]) => value !== "");
  return new URLSearchParams(filled).toString();
}

/** The field that is asked for next; null once the decision can be shown as members would see it. */
export function nextField(typed: DecisionQuery): "kind" | keyof TypedDecision | null {
  const { kind, memberId, dueId, role, day } = typed;
  if (kind === "") return "kind";
  if (kind === "waiver") return dueId === "" ? "dueId" : null;
  if (kind === "officer" && role === "") return "role";
  if (["exclusion", "reschedule", "officer"].includes(kind) && memberId === "") return "memberId";
  return kind === "reschedule" && day === "" ? "day" : null;
}
