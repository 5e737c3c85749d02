import { groupReference } from "@/lib/ids";
import { defineDownload } from "@/lib/next/define-download";
import { siteContact } from "@/lib/next/site-contact";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { getProfile } from "@/lib/services/identity/users/get-profile";
import { findPaidRequest } from "@/lib/services/money-requests/get-money-request";
import { getOperation } from "@/lib/services/operations/get-operation";
import { consume } from "@/lib/services/rate-limits/consume";
import { createReceiptLink } from "@/lib/services/receipts/create-receipt-link";
import { getSealPlace } from "@/lib/services/receipts/get-seal-place";
import { receiptAddress } from "../../../../receipt/receipt-address";
import { receiptDocument } from "../../../../receipt/receipt-document";

/** The receipt as a PDF. Its QR code needs a link: the person's one is taken, or made. */
export const GET = defineDownload<{ reference: string }>(
  {
    name: "receipt-file",
    page: ({ reference }) => `/wallet/transactions/${encodeURIComponent(reference)}`,
    isRead: false,
  },
  async ({ params: { reference }, locale, context, userId }) => {
    const operation = await getOperation(context, reference);
    await consume(context.db, "receipt_download", [userId.toString()]);
    const [profile, zone, request, seal, link] = await Promise.all([
      getProfile(context),
      viewerTimeZone(),
      operation.type === "transfer" ? findPaidRequest(context, operation.reference) : null,
      getSealPlace(context, operation),
      createReceiptLink(context, operation.reference),
    ]);
    const { email, whatsapp, phone } = siteContact();
    const document = await receiptDocument({
      operation,
      locale,
      zone,
      ownerName: `${profile.firstName} ${profile.lastName}`,
      request,
      seal,
      verify: { address: receiptAddress(link, locale), expiresAt: link.expiresAt },
      contact: ["Cauris", email ?? whatsapp ?? phone].filter((part) => part).join(" · "),
      now: context.now,
    });
    document.finish();
    const name = `${locale === "fr" ? "reçu" : "receipt"}-${groupReference(operation.reference)}.pdf`;
    return { body: document.stream, type: "application/pdf", name };
  },
);
