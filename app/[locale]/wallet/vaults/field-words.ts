import { getTranslations } from "next-intl/server";
import type { Currency } from "@/lib/money/currency";
import { earliestLockDate, latestLockDate, toLockDate } from "@/lib/services/vaults/lock-date";
import { VAULT_NAME_LENGTH_MAX } from "@/lib/services/vaults/policy";
import type { FormField } from "@/lib/ui/typed-field";
import { amountReasons, unitOf } from "../amount-field-props";

/** What every form of the vaults says around its fields, with the words on its button. */
export async function formWords(submit: string) {
  const form = await getTranslations("form");
  return { submit, pending: form("pending"), amountReasons: await amountReasons() };
}

export async function nameField(value = ""): Promise<FormField> {
  const t = await getTranslations("vaults");
  return { name: "name", label: t("name"), hint: t("nameHint"), value, maxLength: VAULT_NAME_LENGTH_MAX };
}

export async function goalField(currency: Currency, value = ""): Promise<FormField> {
  const t = await getTranslations("vaults");
  return { name: "goal", label: t("goal"), hint: t("goalHint"), value, amountOf: await unitOf(currency) };
}

/** Days from `after` on, and from tomorrow on; the server knows the same bounds. */
export function dayField(words: { label: string; hint: string }, now: Date, after?: Date | null): FormField {
  const tomorrow = earliestLockDate(now);
  const first = after && after > tomorrow ? after : tomorrow;
  const dayBetween = { first: toLockDate(first), last: toLockDate(latestLockDate(now)) };
  return { name: "lockedUntil", ...words, dayBetween };
}
