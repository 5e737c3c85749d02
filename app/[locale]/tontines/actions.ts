"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { addMember } from "@/lib/services/tontines/groups/add-member";
import { cancelTontine } from "@/lib/services/tontines/groups/cancel-tontine";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { joinAndSign } from "@/lib/services/tontines/groups/join-and-sign";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import { endMandate, giveMandate, resumeMandate } from "@/lib/services/tontines/mandates/give-mandate";
import { payDues } from "@/lib/services/tontines/money/pay-dues";
import { payInAdvance } from "@/lib/services/tontines/money/pay-in-advance";
import { repayDebts } from "@/lib/services/tontines/money/repay-debts";
import {
  addMemberSchema,
  confirmedSchema,
  createTontineSchema,
  extendDueSchema,
  giveMandateSchema,
  joinAndSignSchema,
  payAmountSchema,
  payDuesFormSchema,
  reviewTontineSchema,
  signRulesSchema,
  tontineSchema,
} from "@/lib/services/tontines/schema";
import { extendDue } from "@/lib/services/tontines/turns/extend-due";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { reviewTontine as review } from "@/lib/services/tontines/views/review-tontine";
import type { GroupDoneWord } from "./[code]/group-done";
import { newTontineQuery } from "./new/new-tontine-query";

const TONTINES = "/tontines";

async function redirectToGroup(code: string, done: GroupDoneWord): Promise<never> {
  redirect(`${localizedPath(await getLocale(), `${TONTINES}/${code}`)}?done=${done}`);
}

/** Fields: code, dueId, pin. Redirects to the group. */
export const putOffContribution = defineAction(
  { name: "extend-due", auth: "user", schema: extendDueSchema },
  async (context, input) => {
    await extendDue(context, input);
    return await redirectToGroup(input.code ?? "", "extended");
  },
);

/** The fields of the form. Changes nothing: redirects to the page that shows the rules before they are fixed. */
export const reviewTontine = defineAction(
  { name: "review-tontine", auth: "user", schema: reviewTontineSchema },
  async (context, input) => {
    review(context, input);
    redirect(`${localizedPath(await getLocale(), `${TONTINES}/new/review`)}?${newTontineQuery(input)}`);
  },
);

/** The same fields, and key. Redirects to the new group; the same key redirects to the same one. */
export const foundTontine = defineAction(
  { name: "create-tontine", auth: "user", schema: createTontineSchema },
  async (context, input) => {
    const { code, replayed } = await createTontine(context, input);
    return await redirectToGroup(code, replayed ? "again" : "created");
  },
);

/** Field: code. Opens the group for others, and redirects to its invitation. */
export const openInvitation = defineAction(
  { name: "open-invitation", auth: "user", schema: tontineSchema },
  async (context, input) => {
    const { code } = await invite(context, input);
    redirect(localizedPath(await getLocale(), `${TONTINES}/${code}/invite`));
  },
);

/** Fields: code, name, phone, shares. Redirects to the invitation with a notice. */
export const inviteByPhone = defineAction(
  { name: "invite-by-phone", auth: "user", schema: addMemberSchema },
  async (context, input) => {
    const { isTold } = await addMember(context, input);
    const done = isTold ? "told" : "added";
    redirect(`${localizedPath(await getLocale(), `${TONTINES}/${input.code}/invite`)}?done=${done}`);
  },
);

/** Fields: invitation, shares, hash, pin. Redirects to the group. */
export const joinTontine = defineAction(
  { name: "join-tontine", auth: "user", schema: joinAndSignSchema },
  async (context, input) => {
    const { code } = await joinAndSign(context, input);
    return await redirectToGroup(code, "signed");
  },
);

/** Fields: code, hash, pin. Redirects to the group. */
export const signTontine = defineAction(
  { name: "sign-tontine", auth: "user", schema: signRulesSchema },
  async (context, input) => {
    await signRules(context, input);
    return await redirectToGroup(input.code, "signed");
  },
);

/** Fields: code, pin. Redirects to the group. */
export const beginTontine = defineAction(
  { name: "start-tontine", auth: "user", schema: confirmedSchema },
  async (context, input) => {
    await startTontine(context, input);
    return await redirectToGroup(input.code, "started");
  },
);

/** Field: code. Redirects to the list. */
export const endTontine = defineAction(
  { name: "cancel-tontine", auth: "user", schema: tontineSchema },
  async (context, input) => {
    await cancelTontine(context, input);
    redirect(`${localizedPath(await getLocale(), TONTINES)}?done=cancelled`);
  },
);

/** Fields: code, dues (ids with spaces between them), amount, pin, key. Redirects to the group, which says so; again for the same key. */
export const payContributions = defineAction(
  { name: "pay-dues", auth: "user", schema: payDuesFormSchema },
  async (context, { dues, ...input }) => {
    const { replayed } = await payDues(context, { ...input, dueIds: dues });
    return await redirectToGroup(input.code, replayed ? "again" : "paid");
  },
);

/** Fields: code, amount, pin, key. As {@link payContributions}. */
export const payAhead = defineAction(
  { name: "pay-in-advance", auth: "user", schema: payAmountSchema },
  async (context, input) => {
    const { replayed } = await payInAdvance(context, input);
    return await redirectToGroup(input.code, replayed ? "again" : "advance");
  },
);

/** Fields: code, amount, pin, key. As {@link payContributions}. */
export const repay = defineAction(
  { name: "repay-debts", auth: "user", schema: payAmountSchema },
  async (context, input) => {
    const { replayed } = await repayDebts(context, input);
    return await redirectToGroup(input.code, replayed ? "again" : "repaid");
  },
);

/** Fields: code, ceiling, endsOn, pin. Redirects to the group. */
export const consent = defineAction(
  { name: "give-mandate", auth: "user", schema: giveMandateSchema },
  async (context, input) => {
    await giveMandate(context, input);
    return await redirectToGroup(input.code, "mandate");
  },
);

/** Fields: code, pin. Redirects to the group. */
export const resumeConsent = defineAction(
  { name: "resume-mandate", auth: "user", schema: confirmedSchema },
  async (context, input) => {
    await resumeMandate(context, input);
    return await redirectToGroup(input.code, "resumed");
  },
);

/** Field: code. One tap: redirects to the group. */
export const endConsent = defineAction(
  { name: "end-mandate", auth: "user", schema: tontineSchema },
  async (context, input) => {
    await endMandate(context, input);
    return await redirectToGroup(input.code, "stopped");
  },
);
