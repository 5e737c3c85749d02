"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { castVote } from "@/lib/services/tontines/decisions/cast-vote";
import { openDecision } from "@/lib/services/tontines/decisions/open-decision";
import { withdrawDecision } from "@/lib/services/tontines/decisions/withdraw-decision";
import { castVoteSchema, decisionSchema, openDecisionSchema } from "@/lib/services/tontines/schema";
import type { DecisionDoneWord } from "./[code]/decisions/decision-done";

async function leadTo(code: string, decisionId: string | bigint, done: DecisionDoneWord): Promise<never> {
  redirect(`${localizedPath(await getLocale(), `/tontines/${code}/decisions/${decisionId}`)}?done=${done}`);
}

/** Fields: code, kind, memberId, dueId, role, day, pin. Redirects to the decision; asked for again to the same one, which says so. */
export const askGroup = defineAction(
  { name: "open-decision", auth: "user", schema: openDecisionSchema },
  async (context, input) => {
    const { decisionId, replayed } = await openDecision(context, input);
    return await leadTo(input.code, decisionId, replayed ? "again" : "opened");
  },
);

/** Fields: code, decisionId, choice, hash, pin. Redirects to the decision, which says what became of it. */
export const voteOn = defineAction(
  { name: "cast-vote", auth: "user", schema: castVoteSchema },
  async (context, input) => {
    const { replayed } = await castVote(context, input);
    return await leadTo(input.code, input.decisionId, replayed ? "again" : "voted");
  },
);

/** Fields: code, decisionId. Redirects to the decision. */
export const takeBack = defineAction(
  { name: "withdraw-decision", auth: "user", schema: decisionSchema },
  async (context, input) => {
    await withdrawDecision(context, input);
    return await leadTo(input.code, input.decisionId, "withdrawn");
  },
);
