import { z } from "zod";
import { MAJORITIES } from "@/lib/services/tontines/decisions/majority";
import { DECISION_KINDS } from "@/lib/services/tontines/decisions/rules-of-kinds";
import { TONTINE_STATES } from "@/lib/services/tontines/kinds";
import type { DecisionView } from "@/lib/services/tontines/views/decision-view";
import { listDecisions as list } from "@/lib/services/tontines/views/list-decisions";
import { defineCall } from "../define-call";
import { codeParams, memberNameOutput, timeOutput } from "./answers";

const decisionAnswer = z.object({
  id: z.string().meta({ example: "5" }),
  kind: z.enum(DECISION_KINDS),
  state: z.enum(Object.keys(TONTINE_STATES.decision.next) as [string, ...string[]]),
  subject: memberNameOutput.nullable().describe("The person concerned, who doesn't vote."),
  majority: z.enum(MAJORITIES),
  voters: z.int().describe("How many may vote.").meta({ example: 11 }),
  needed: z.int().describe("How many must say yes.").meta({ example: 8 }),
  voted: z.int().describe("How many have voted.").meta({ example: 6 }),
  is_awaited: z.boolean().describe("The caller's vote is awaited. Votes are cast in the app, with the PIN."),
  opened_at: timeOutput,
  closes_at: timeOutput,
  takes_effect_at: timeOutput.nullable(),
  decided_at: timeOutput.nullable(),
  shown_hash: z
    .string()
    .describe("SHA-256, in hex, of what members were shown.")
    .meta({ example: "41c0e1f5b2".padEnd(64, "0") }),
});

const answer = z.object({ decisions: z.array(decisionAnswer) });

function present(decision: DecisionView): z.input<typeof decisionAnswer> {
  const { id, kind, state, subject, majority, voters, needed, voted, hash } = decision;
  return {
    ...{ id, kind, state, subject, majority, voters, needed, voted },
    is_awaited: decision.isAwaited,
    opened_at: decision.openedAt.toISOString(),
    closes_at: decision.closesAt.toISOString(),
    takes_effect_at: decision.takesEffectAt?.toISOString() ?? null,
    decided_at: decision.decidedAt?.toISOString() ?? null,
    shown_hash: hash,
  };
}

/** GET /api/tontines/{code}/decisions: what a group decides by vote. */
export const listDecisionsCall = defineCall(
  {
    method: "GET",
    path: "/api/tontines/{code}/decisions",
    tag: "Tontines",
    summary: "Decisions of a tontine",
    description: "Those that are open first, then the newest. No key votes: members do, with their PIN.",
    access: { permission: "tontine:read" },
    params: codeParams,
    answer: { status: 200, description: "At most 100.", schema: answer },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const { open, past } = await list(context, params.code);
    return { body: { decisions: [...open, ...past].map(present) } };
  },
);
