"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { createReceiptLink } from "@/lib/services/receipts/create-receipt-link";
import { revokeReceiptLink } from "@/lib/services/receipts/revoke-receipt-link";
import { receiptLinkSchema, receiptSchema } from "@/lib/services/receipts/schema";

async function redirectToReceipt(reference: string, done: string): Promise<never> {
  const path = `/wallet/transactions/${encodeURIComponent(reference)}`;
  redirect(`${localizedPath(await getLocale(), path)}?link=${done}#share`);
}

/** Field: reference. Redirects to the receipt, which shows the link. */
export const shareReceipt = defineAction(
  { name: "share-receipt", auth: "user", schema: receiptSchema },
  async (context, { reference }) => {
    await createReceiptLink(context, reference);
    return await redirectToReceipt(reference, "made");
  },
);

/** Fields: linkId, reference. Redirects to the receipt, which says that the link has ended. */
export const endReceiptLink = defineAction(
  { name: "end-receipt-link", auth: "user", schema: receiptLinkSchema },
  async (context, { linkId, reference }) => {
    await revokeReceiptLink(context, linkId);
    return await redirectToReceipt(reference, "ended");
  },
);
