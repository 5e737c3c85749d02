"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { answerDispute } from "@/lib/services/tontines/disputes/answer-dispute";
import { openDispute, withdrawDispute } from "@/lib/services/tontines/disputes/open-dispute";
import { ruleDispute } from "@/lib/services/tontines/disputes/rule-dispute";
import {
  answerDisputeSchema,
  disputeSchema,
  openDisputeSchema,
  ruleDisputeSchema,
} from "@/lib/services/tontines/schema";
import type { DisputeDoneWord } from "./[code]/disputes/dispute-done";

async function leadTo(code: string, done: DisputeDoneWord): Promise<never> {
  redirect(`${localizedPath(await getLocale(), `/tontines/${code}/disputes`)}?done=${done}`);
}

/** Fields: code, about, id, reason. Redirects to the disputes. */
export const objectTo = defineAction(
  { name: "open-dispute", auth: "user", schema: openDisputeSchema },
  async (context, input) => {
    await openDispute(context, input);
    return await leadTo(input.code, "opened");
  },
);

/** Fields: code, disputeId, answer. Redirects to the disputes. */
export const answerTo = defineAction(
  { name: "answer-dispute", auth: "user", schema: answerDisputeSchema },
  async (context, input) => {
    await answerDispute(context, input);
    return await leadTo(input.code, "answered");
  },
);

/** Fields: code, disputeId, outcome, pin. Redirects to the disputes. */
export const ruleOn = defineAction(
  { name: "rule-dispute", auth: "user", schema: ruleDisputeSchema },
  async (context, input) => {
    const { state } = await ruleDispute(context, input);
    return await leadTo(input.code, state === "settled" ? "settled" : "ruled");
  },
);

/** Fields: code, disputeId. Redirects to the disputes. */
export const takeDisputeBack = defineAction(
  { name: "withdraw-dispute", auth: "user", schema: disputeSchema },
  async (context, input) => {
    await withdrawDispute(context, input);
    return await leadTo(input.code, "withdrawn");
  },
);
