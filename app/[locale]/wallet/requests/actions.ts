"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { blockRequester, unblockRequester } from "@/lib/services/money-requests/block-requester";
import { createMoneyRequest } from "@/lib/services/money-requests/create-money-request";
import { cancelMoneyRequest, declineMoneyRequest } from "@/lib/services/money-requests/end-money-request";
import { quoteMoneyRequest } from "@/lib/services/money-requests/quote-money-request";
import {
  createMoneyRequestSchema,
  moneyRequestSchema,
  unblockSchema,
} from "@/lib/services/money-requests/schema";

const REQUESTS = "/wallet/requests";

async function redirectWithNotice(path: string, done: string): Promise<never> {
  redirect(`${localizedPath(await getLocale(), path)}?done=${done}`);
}

/** Fields: walletNumber, amount, currency, note, key. Redirects to the request; the same key leads to the same one. */
export const askForMoney = defineAction(
  { name: "ask-for-money", auth: "user", schema: createMoneyRequestSchema },
  async (context, input) => {
    const { requestId, replayed } = await createMoneyRequest(context, input);
    return await redirectWithNotice(`${REQUESTS}/${requestId}`, replayed ? "again" : "created");
  },
);

/** Fields: requestId, token. Redirects to the page that reviews the transfer which pays it. */
export const reviewRequest = defineAction(
  { name: "review-request", auth: "user", schema: moneyRequestSchema },
  async (context, input) => {
    const { quoteId } = await quoteMoneyRequest(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transfer/${quoteId}`));
  },
);

/** Field: requestId. Redirects to the list with a notice. */
export const declineRequest = defineAction(
  { name: "decline-request", auth: "user", schema: moneyRequestSchema },
  async (context, { requestId }) => {
    await declineMoneyRequest(context, requestId);
    return await redirectWithNotice(REQUESTS, "declined");
  },
);

/** As {@link declineRequest}, by the one who asks. */
export const cancelRequest = defineAction(
  { name: "cancel-request", auth: "user", schema: moneyRequestSchema },
  async (context, { requestId }) => {
    await cancelMoneyRequest(context, requestId);
    return await redirectWithNotice(REQUESTS, "cancelled");
  },
);

/** Fields: requestId, token. Redirects to the list with a notice. */
export const blockAsker = defineAction(
  { name: "block-requester", auth: "user", schema: moneyRequestSchema },
  async (context, input) => {
    await blockRequester(context, input);
    return await redirectWithNotice(REQUESTS, "blocked");
  },
);

/** Field: walletNumber, of the one whose requests are received again. Redirects to the list with a notice. */
export const unblockAsker = defineAction(
  { name: "unblock-requester", auth: "user", schema: unblockSchema },
  async (context, { walletNumber }) => {
    await unblockRequester(context, walletNumber);
    return await redirectWithNotice(REQUESTS, "unblocked");
  },
);
