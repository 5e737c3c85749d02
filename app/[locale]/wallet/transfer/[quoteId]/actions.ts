"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { payMoneyRequest } from "@/lib/services/money-requests/pay-money-request";
import { confirmTransfer as confirm } from "@/lib/services/transfers/confirm-transfer";
import { confirmTransferSchema } from "@/lib/services/transfers/schema";

/** Fields: quoteId, pin. Redirects to the receipt; confirming again leads to the same one. */
export const confirmTransfer = defineAction(
  { name: "confirm-transfer", auth: "user", schema: confirmTransferSchema },
  async (context, input) => {
    const { reference } = await confirm(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transactions/${reference}`));
  },
);

/** As {@link confirmTransfer}, for the quote of a request for money. */
export const payRequest = defineAction(
  { name: "pay-request", auth: "user", schema: confirmTransferSchema },
  async (context, input) => {
    const { reference } = await payMoneyRequest(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transactions/${reference}`));
  },
);
