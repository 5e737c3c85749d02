"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { closeTontine } from "@/lib/services/tontines/closing/close-tontine";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import { approvePayout } from "@/lib/services/tontines/payouts/approve-payout";
import { confirmReceipt } from "@/lib/services/tontines/payouts/confirm-receipt";
import { proposeAgain } from "@/lib/services/tontines/payouts/propose-again";
import { refusePayout } from "@/lib/services/tontines/payouts/refuse-payout";
import {
  confirmedSchema,
  declineTurnFormSchema,
  payoutSchema,
  refusePayoutSchema,
  setRolesFormSchema,
  signRulesSchema,
  turnFormSchema,
} from "@/lib/services/tontines/schema";
import { declineTurn } from "@/lib/services/tontines/turns/decline-turn";
import type { OfficeDoneWord } from "./office-done";

async function leadTo(code: string, page: string, done: OfficeDoneWord): Promise<never> {
  redirect(`${localizedPath(await getLocale(), `/tontines/${code}/${page}`)}?done=${done}`);
}

/** Fields: code, payoutId, hash, pin. Redirects to the payout's page, which says whether it is paid. */
export const approve = defineAction(
  { name: "approve-payout", auth: "user", schema: payoutSchema },
  async (context, input) => {
    const { isPaid } = await approvePayout(context, input);
    return await leadTo(input.code, `approve/${input.payoutId}`, isPaid ? "paid" : "approved");
  },
);

/** Fields: code, payoutId, reason, pin. Redirects to the payout's page. */
export const refuse = defineAction(
  { name: "refuse-payout", auth: "user", schema: refusePayoutSchema },
  async (context, input) => {
    await refusePayout(context, input);
    return await leadTo(input.code, `approve/${input.payoutId}`, "refused");
  },
);

/** Fields: code, turn (its number), turnId. Redirects to the turn. */
export const confirmArrival = defineAction(
  { name: "confirm-receipt", auth: "user", schema: turnFormSchema },
  async (context, { code, turn, turnId }) => {
    await confirmReceipt(context, { code, turnId });
    return await leadTo(code, `turns/${turn}`, "confirmed");
  },
);

/** Fields as {@link confirmArrival}. Redirects to the turn. */
export const proposePayoutsAgain = defineAction(
  { name: "propose-again", auth: "user", schema: turnFormSchema },
  async (context, { code, turn, turnId }) => {
    await proposeAgain(context, { code, turnId });
    return await leadTo(code, `turns/${turn}`, "proposed");
  },
);

/** Fields as {@link confirmArrival}, and pin. Redirects to the turn. */
export const putOffTurn = defineAction(
  { name: "decline-turn", auth: "user", schema: declineTurnFormSchema },
  async (context, { code, turn, turnId, pin }) => {
    await declineTurn(context, { code, turnId, pin });
    return await leadTo(code, `turns/${turn}`, "declined");
  },
);

/** Fields: code, memberId, and `on` for each office. Redirects to the members. */
export const giveRoles = defineAction(
  { name: "set-roles", auth: "user", schema: setRolesFormSchema },
  async (context, { code, memberId, ...offices }) => {
    const roles = Object.entries(offices).flatMap(([role, isHeld]) => (isHeld === "on" ? [role] : []));
    await setRoles(context, { code, memberId, roles });
    return await leadTo(code, "members", "roles");
  },
);

/** Fields: code, memberId, hash, pin: for a member without an account to whom the rules were read. Redirects to the members. */
export const signForMember = defineAction(
  { name: "sign-for-member", auth: "user", schema: signRulesSchema },
  async (context, input) => {
    await signRules(context, input);
    return await leadTo(input.code, "members", "signed");
  },
);

/** Fields: code, pin. Redirects to the closing page. */
export const discharge = defineAction(
  { name: "close-tontine", auth: "user", schema: confirmedSchema },
  async (context, input) => {
    await closeTontine(context, input);
    return await leadTo(input.code, "close", "closed");
  },
);
