"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { currentUser } from "@/lib/next/session";
import { homeCountryOf } from "@/lib/phone";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { quoteWithdrawalSchema } from "@/lib/services/withdrawals/schema";

/** Fields: amount, phone, method. Redirects to the page that reviews what the server kept. */
export const reviewWithdrawal = defineAction(
  { name: "review-withdrawal", auth: "user", schema: quoteWithdrawalSchema },
  async (context, input) => {
    const user = await currentUser();
    const { quoteId } = await quoteWithdrawal(context, input, homeCountryOf(user?.phone ?? null));
    redirect(localizedPath(await getLocale(), `/wallet/withdraw/${quoteId}`));
  },
);
