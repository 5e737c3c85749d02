"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
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
