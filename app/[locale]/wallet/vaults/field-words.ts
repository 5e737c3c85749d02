import { getTranslations } from "next-intl/server";
import type { Currency } from "@/lib/money/currency";
import { earliestLockDate, latestLockDate, toLockDate } from "@/lib/services/vaults/lock-date";
import { VAULT_NAME_LENGTH_MAX } from "@/lib/services/vaults/policy";
import type { FormField } from "@/lib/ui/typed-field";
import { amountReasons, unitOf } from "../amount-field-props";

/** The texts of a vault form, with `submit` on its button. */
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

/** A date field from the later of `after` and tomorrow on, within the bounds that the verb checks too. */
export function dayField(words: { label: string; hint: string }, now: Date, after?: Date | null): FormField {
  const tomorrow = earliestLockDate(now);
  const first = after && after > tomorrow ? after : tomorrow;
  const dayBetween = { first: toLockDate(first), last: toLockDate(latestLockDate(now)) };
  return { name: "lockedUntil", ...words, dayBetween };
}
