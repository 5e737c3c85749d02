import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { siteUrl } from "@/lib/next/site-url";
import type { ReceiptLink } from "@/lib/services/receipts/view";

/** The absolute address of a link to a receipt. */
export function receiptAddress({ token }: ReceiptLink, locale: Locale): string {
  return siteUrl(localizedPath(locale, `/v/${token}`));
}
