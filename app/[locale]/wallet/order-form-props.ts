import { getLocale, getTranslations } from "next-intl/server";
import { newKey } from "@/lib/ids";
import type { Currency } from "@/lib/money/currency";
import { formatMoney } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";
import { callingCodeOf, formatPhone, homeCountryOf } from "@/lib/phone";
import type { OrderMethod } from "@/lib/services/operations/list-order-methods";
import type { OrderFormProps } from "@/lib/ui/order-form.client";
import type { FormField } from "@/lib/ui/typed-field";
import { methodLabel } from "../method-label";
import { amountReasons, quickAmounts, unitOf } from "./amount-field-props";

/** What both kinds of order form need: a top-up's or a withdrawal's. */
export interface OrderInput {
  currency: Currency;
  methods: readonly OrderMethod[];
  /** The method that was used last, to put first and choose in advance. */
  lastMethod: string | null;
  /** What the amount is filled in with; may be empty. */
  amount: string;
  /** Quick amounts above this are left out. */
  available?: Money;
  submit: string;
}

interface PhoneOrderInput extends OrderInput {
  /** The owner's number, E.164. */
  phone: string | null;
  phoneLabel: string;
}

/** The props of a form for a top-up or a withdrawal by phone, without its action and name. */
export async function orderFormProps(
  input: PhoneOrderInput,
): Promise<Omit<OrderFormProps, "action" | "name">> {
  const { currency, methods, phone } = input;
  const [t, names] = await Promise.all([getTranslations("form"), getTranslations("methods")]);
  const country = homeCountryOf(phone);
  const local = methods.find((method) => method.country === country) ?? methods[0];
  return {
    formKey: newKey(),
    ...(await unitOf(currency)),
    defaults: {
      amount: input.amount,
      phone: phone ? formatPhone(phone) : "",
      callingCode: callingCodeOf(country),
      method: input.lastMethod ?? "",
    },
    methods: lastFirst(methods, input.lastMethod).map((method) => ({
      value: method.method,
      label: methodLabel({ method: method.method, methodName: method.name }, names),
      callingCode: callingCodeOf(method.country),
    })),
    quickAmounts: await quickAmounts(currency, input.available),
    words: {
      amount: t("amount"),
      amountHint: local ? await limitsHint(local) : "",
      quickAmounts: t("quickAmounts"),
      phone: input.phoneLabel,
      phoneHint: t("phoneHint", { example: formatPhone("+22670123456") }),
      method: t("method"),
      methodNone: t("methodNone"),
      submit: input.submit,
      pending: t("pending"),
      amountReasons: await amountReasons(),
    },
  };
}

/** The same methods, the one that was used last in front. */
export function lastFirst(methods: readonly OrderMethod[], last: string | null): OrderMethod[] {
  const isLast = ({ method }: OrderMethod) => method === last;
  return [...methods.filter(isLast), ...methods.filter((each) => !isLast(each))];
}

interface FieldsOrderInput extends OrderInput {
  /** The fields after the amount. */
  fields: readonly FormField[];
}

/** The props of a form for a top-up or a withdrawal that needs no phone, without its action and name. */
export async function fieldsOrderProps(input: FieldsOrderInput) {
  const { currency, methods } = input;
  const t = await getTranslations("form");
  const [first] = methods;
  const amount: FormField = {
    name: "amount",
    label: t("amount"),
    ...(first && { hint: await limitsHint(first) }),
    value: input.amount,
    amountOf: await unitOf(currency),
    quick: {
      label: t("quickAmounts"),
      amounts: await quickAmounts(currency, input.available),
    },
  };
  return {
    id: "order",
    formKey: newKey(),
    hidden: { currency },
    fields: [amount, ...input.fields],
    words: { submit: input.submit, pending: t("pending"), amountReasons: await amountReasons() },
  };
}

async function limitsHint({ min, max }: OrderMethod): Promise<string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("form")]);
  return t("amountHint", { min: formatMoney(min, locale), max: formatMoney(max, locale) });
}
