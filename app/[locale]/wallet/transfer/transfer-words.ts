import { getTranslations } from "next-intl/server";
import type { TransferFormProps } from "./transfer-form.client";

const AMOUNT_REASONS = [
  "empty",
  "not_a_number",
  "no_decimals",
  "ambiguous",
  "not_positive",
  "too_large",
] as const;

/** What the form says, in the page's language. */
export async function transferWords(): Promise<TransferFormProps["words"]> {
  const [t, form, fields] = await Promise.all([
    getTranslations("transfer"),
    getTranslations("form"),
    getTranslations("fields"),
  ]);
  return {
    walletNumber: t("walletNumber"),
    walletNumberHint: t("walletNumberHint"),
    walletNumberInvalid: fields("wallet_number_invalid"),
    amount: form("amount"),
    amountReasons: Object.fromEntries(AMOUNT_REASONS.map((reason) => [reason, fields(reason)])),
    note: t("note"),
    noteHint: t("noteHint"),
    optional: form("optional"),
    submit: t("submit"),
    pending: form("pending"),
  };
}
