"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { quoteTransferSchema } from "@/lib/services/transfers/schema";

/** Fields: walletNumber, amount, currency, note. Redirects to the page that reviews what the server kept. */
export const reviewTransfer = defineAction(
  { name: "review-transfer", auth: "user", schema: quoteTransferSchema },
  async (context, input) => {
    const { quoteId } = await quoteTransfer(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transfer/${quoteId}`));
  },
);
