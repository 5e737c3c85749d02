import { formatDateTimeInZone } from "@/lib/i18n/format-date";
import { groupReference } from "@/lib/ids";
import { createDocument, type PdfDocument } from "@/lib/pdf/document";
import type { SealPlace } from "@/lib/services/receipts/get-seal-place";
import { statusTextOf } from "../wallet/operation-kinds";
import { signedAmount } from "../wallet/present-operation";
import { type ReceiptView, receiptLines, stepLines, wordsIn } from "./receipt-lines";
import { sealLines } from "./seal-lines";

interface ReceiptDocument extends ReceiptView {
  seal: SealPlace;
  /** Where what is printed can be verified: written out, and as a QR code. */
  verify: { address: string; expiresAt: Date };
  /** Whom to ask, at the foot of the page. */
  contact: string;
  now: Date;
}

/** The receipt as a PDF of A5, usually one page: the lines of its page, its steps, and the code that verifies it. */
export async function receiptDocument(receipt: ReceiptDocument): Promise<PdfDocument> {
  const { operation, locale, zone, now } = receipt;
  const t = await wordsIn(locale);
  const [lines, steps, seal] = await Promise.all([
    receiptLines(receipt),
    stepLines(receipt),
    sealLines(receipt.seal, receipt),
  ]);
  const document = createDocument({
    size: "A5",
    locale,
    title: t("pdf.receiptTitle", { reference: groupReference(operation.reference) }),
    footer: receipt.contact,
    pageOf: (page, total) => t("pdf.pageOf", { page, total }),
    createdAt: now,
  });
  document.paragraph(t("pdf.receiptOf", { site: t("site.name") }), { muted: true });
  document.heading(1, t(statusTextOf(operation).heading));
  document.paragraph(signedAmount(operation, locale), { size: 18, bold: true });
  document.details(lines);
  if (steps.length > 0) {
    document.heading(2, t("operation.timeline"));
    document.details(steps);
  }
  document.qrCode({
    url: receipt.verify.address,
    alt: t("pdf.qrAlt"),
    lines: [
      t("pdf.authentic"),
      receipt.verify.address,
      t("pdf.verifyUntil", {
        made: formatDateTimeInZone(now, locale, zone),
        until: formatDateTimeInZone(receipt.verify.expiresAt, locale, zone),
      }),
    ],
  });
  document.heading(2, t("seal.heading"));
  document.details(seal);
  return document;
}
