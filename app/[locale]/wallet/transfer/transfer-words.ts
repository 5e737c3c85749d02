import { getTranslations } from "next-intl/server";
import { amountReasons } from "../amount-field-props";
import type { TransferFormProps } from "./transfer-form.client";

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
    amountReasons: await amountReasons(),
    note: t("note"),
    noteHint: t("noteHint"),
    optional: form("optional"),
    submit: t("submit"),
    pending: form("pending"),
  };
}
