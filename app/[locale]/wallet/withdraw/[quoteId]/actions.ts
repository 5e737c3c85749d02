"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { confirmWithdrawalSchema } from "@/lib/services/withdrawals/schema";

/** Fields: quoteId, pin. Redirects to the operation; confirming again leads to the same one. */
export const confirmWithdrawal = defineAction(
  { name: "confirm-withdrawal", auth: "user", schema: confirmWithdrawalSchema },
  async (context, input) => {
    const { reference } = await requestWithdrawal(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transactions/${reference}`));
  },
);
