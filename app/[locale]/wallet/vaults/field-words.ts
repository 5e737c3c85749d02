import { getLocale, getTranslations } from "next-intl/server";
import type { Currency } from "@/lib/money/currency";
import { formatAmount } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { earliestLockDate, latestLockDate, toLockDate } from "@/lib/services/vaults/lock-date";
import { VAULT_NAME_LENGTH_MAX } from "@/lib/services/vaults/policy";
import type { FormField } from "@/lib/ui/typed-field";

const AMOUNT_REASONS = ["not_a_number", "no_decimals", "ambiguous", "not_positive", "too_large"] as const;

/** What every form of the vaults says around its fields, with the words on its button. */
export async function formWords(submit: string) {
  const [form, fields] = await Promise.all([getTranslations("form"), getTranslations("fields")]);
  return {
    submit,
    pending: form("pending"),
    errorsHeading: form("errorsToFix"),
    amountReasons: Object.fromEntries(AMOUNT_REASONS.map((reason) => [reason, fields(reason)])),
  };
}

/** An amount's unit, and its side in the page's language. */
export async function unitOf(currency: Currency): Promise<NonNullable<FormField["amountOf"]>> {
  const { unit, unitFirst } = formatAmount(money(0n, currency), await getLocale());
  return { currency, unit, unitFirst };
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
