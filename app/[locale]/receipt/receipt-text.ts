import { formatMoney } from "@/lib/money/format-money";
import { STATE_OF } from "../wallet/present-operation";
import { type ReceiptView, receiptLines, wordsIn } from "./receipt-lines";

const ISOLATES = /[\u2068\u2069]/g;

/**
 * A receipt as a message: a line for each row of it, and the address where it can be verified, if it has one. Give it a masked
 * operation: messages are passed on.
 */
export async function receiptText(view: ReceiptView, address: string | null): Promise<string> {
  const t = await wordsIn(view.locale);
  const state = t(`states.${STATE_OF[view.operation.status]}`);
  const amount = formatMoney(view.operation.amount, view.locale);
  const lines = await receiptLines(view);
  return [
    t("share.textTitle", { site: t("site.name"), amount, state }),
    ...lines.map(({ label, value }) =>
      t("share.textLine", { label, value: value.replace(ISOLATES, "").replaceAll("\n", " · ") }),
    ),
    ...(address === null ? [] : [t("share.textVerify", { address })]),
  ].join("\n");
}
