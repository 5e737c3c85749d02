"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { currentUser } from "@/lib/next/session";
import { siteUrl } from "@/lib/next/site-url";
import { homeCountryOf } from "@/lib/phone";
import { cancelDeposit } from "@/lib/services/deposits/cancel-deposit";
import { FORM_WAIT_MS } from "@/lib/services/deposits/policy";
import { cancelDepositSchema, startDepositSchema } from "@/lib/services/deposits/schema";
import { startDeposit } from "@/lib/services/deposits/start-deposit";

/** Field: reference. Redirects to the waiting page, which shows how the top-up stands. */
export const cancelTopup = defineAction(
  { name: "cancel-topup", auth: "user", schema: cancelDepositSchema },
  async (context, { reference }) => {
    await cancelDeposit(context, reference);
    redirect(localizedPath(await getLocale(), `/wallet/topup/${reference}`));
  },
);

/** Fields: amount, phone, method, key. Redirects to the provider's payment page, or to ours when there is none yet. */
export const startTopup = defineAction(
  { name: "start-topup", auth: "user", schema: startDepositSchema },
  async (context, input) => {
    const [locale, user] = await Promise.all([getLocale(), currentUser()]);
    const waitingPage = (reference: string) => localizedPath(locale, `/wallet/topup/${reference}`);
    const operation = await startDeposit(context, input, {
      locale,
      returnUrl: (reference) => siteUrl(`${waitingPage(reference)}?returned=1`),
      defaultCountry: homeCountryOf(user?.phone ?? null),
      answerWithinMs: FORM_WAIT_MS,
    });
    redirect(operation.paymentUrl ?? waitingPage(operation.reference));
  },
);
