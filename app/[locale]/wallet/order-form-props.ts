import { getLocale, getTranslations } from "next-intl/server";
import { newKey } from "@/lib/ids";
import { formatAmount, formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import { callingCodeOf, formatPhone, type PhoneCountry, phoneCountryOf } from "@/lib/phone";
import type { OrderMethod } from "@/lib/services/operations/list-order-methods";
import type { OrderFormProps } from "@/lib/ui/order-form.client";
import { amountReasons } from "./amount-reasons";

const QUICK_FRANCS = [1_000n, 2_000n, 5_000n, 10_000n, 25_000n];

/** Where a number that was typed without a calling code belongs: its owner's country, or Burkina Faso. */
export function countryOf(phone: string | null): PhoneCountry {
  return (phone && phoneCountryOf(phone)) || "BF";
}

interface OrderFormInput {
  methods: readonly OrderMethod[];
  /** The owner's number, E.164. */
  phone: string | null;
  /** From `?amount=`: digits, or nothing. */
  amount: string | undefined;
  /** More than this isn't offered as a quick amount. */
  available?: Money;
  labels: { phone: string; submit: string };
}

/** Everything that the form of a top-up and of a withdrawal needs, in words, but for its action. */
export async function orderFormProps(input: OrderFormInput): Promise<Omit<OrderFormProps, "action">> {
  const { methods, phone, labels } = input;
  const [locale, t] = await Promise.all([getLocale(), getTranslations("form")]);
  const country = countryOf(phone);
  const local = methods.find((method) => method.country === country) ?? methods[0];
  const limits = local && { min: formatMoney(local.min, locale), max: formatMoney(local.max, locale) };
  const { unit, unitFirst } = formatAmount(money(0n, "XOF"), locale);
  const quick = QUICK_FRANCS.filter((francs) => !input.available || francs <= input.available.amountMinor);
  return {
    formKey: newKey(),
    currency: "XOF",
    unit,
    unitFirst,
    defaults: {
      amount: /^[0-9]{1,15}$/.test(input.amount ?? "") ? (input.amount ?? "") : "",
      phone: phone ? formatPhone(phone) : "",
      callingCode: callingCodeOf(country),
    },
    methods: methods.map((method) => ({
      value: method.method,
      label: method.name,
      callingCode: callingCodeOf(method.country),
    })),
    quickAmounts: quick.map((francs) => ({
      value: francs.toString(),
      label: formatAmount(money(francs, "XOF"), locale).number,
    })),
    words: {
      amount: t("amount"),
      amountHint: limits ? t("amountHint", limits) : "",
      quickAmounts: t("quickAmounts"),
      phone: labels.phone,
      phoneHint: t("phoneHint", { example: formatPhone("+22670123456") }),
      method: t("method"),
      methodNone: t("methodNone"),
      submit: labels.submit,
      errorsHeading: t("errorsToFix"),
      amountReasons: await amountReasons(),
    },
  };
}
