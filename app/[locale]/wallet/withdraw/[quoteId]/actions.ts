"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { confirmWithdrawalSchema } from "@/lib/services/withdrawals/schema";
import { defineAction } from "@/lib/web/define-action";

/** Field: quoteId. Redirects to the operation; confirming again leads to the same one. */
export const confirmWithdrawal = defineAction(
  { name: "confirm-withdrawal", auth: "user", schema: confirmWithdrawalSchema },
  async (context, input) => {
    const { reference } = await requestWithdrawal(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transactions/${reference}`));
  },
);
