import { formatDateTimeInZone } from "@/lib/i18n/format-date";
import type { SealPlace } from "@/lib/services/receipts/get-seal-place";
import { type ReceiptLine, type ReceiptView, wordsIn } from "./receipt-lines";

/** An operation's place in the sealed ledger: of its newest entry, whichever way it went. */
export async function sealLines(
  { entryId, seal }: SealPlace,
  { locale, zone }: Pick<ReceiptView, "locale" | "zone">,
): Promise<ReceiptLine[]> {
  const t = await wordsIn(locale);
  if (entryId === null) return [{ label: t("seal.place"), value: t("seal.noEntry") }];
  const entry = String(entryId);
  if (seal === null) return [{ label: t("seal.place"), value: t("seal.notYet", { entry }) }];
  const number = String(seal.number);
  const date = formatDateTimeInZone(seal.sealedAt, locale, zone);
  return [
    { label: t("seal.place"), value: t("seal.sealed", { entry, number, date }) },
    { label: t("seal.root"), value: seal.root },
  ];
}
