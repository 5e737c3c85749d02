"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { checkPinIfSet } from "@/lib/services/identity/pin/check-pin-if-set";
import { typedPin } from "@/lib/services/identity/pin/schema";
import { getQuote } from "@/lib/services/withdrawals/get-quote";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { confirmWithdrawalSchema } from "@/lib/services/withdrawals/schema";

/** Fields: quoteId, pin (of people who have one). Redirects to the operation; confirming again leads to the same one. */
export const confirmWithdrawal = defineAction(
  { name: "confirm-withdrawal", auth: "user", schema: confirmWithdrawalSchema.extend({ pin: typedPin }) },
  async (context, { pin, ...input }) => {
    const { usedBy } = await getQuote(context, input.quoteId);
    // The second tap of two is answered like the first, and isn't another try.
    if (usedBy === null) await checkPinIfSet(context, pin);
    const { reference } = await requestWithdrawal(context, input);
    redirect(localizedPath(await getLocale(), `/wallet/transactions/${reference}`));
  },
);
