import { getLocale, getTranslations } from "next-intl/server";
import { newKey } from "@/lib/ids";
import { formatAmount, formatMoney } from "@/lib/money/format-money";
import { type Money, money } from "@/lib/money/money";
import type { OrderMethod } from "@/lib/services/operations/list-order-methods";
import type { FormField } from "@/lib/ui/typed-field";
import { amountReasons } from "./amount-reasons";

const QUICK_NAIRA = [1_000n, 2_000n, 5_000n, 10_000n, 25_000n];
const KOBO = 100n;

interface NairaFormInput {
  methods: readonly OrderMethod[];
  /** From `?amount=`: naira, or nothing. */
  amount: string | undefined;
  /** More than this isn't offered as a quick amount. */
  available?: Money;
  /** What follows the amount. */
  fields: readonly FormField[];
  submit: string;
}

/** The form of a top-up or a withdrawal in naira, in words, but for its action. */
export async function nairaFormProps(input: NairaFormInput) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("form")]);
  const { unit, unitFirst } = formatAmount(money(0n, "NGN"), locale);
  const [first] = input.methods;
  const quick = QUICK_NAIRA.filter(
    (naira) => !input.available || naira * KOBO <= input.available.amountMinor,
  );
  const amount: FormField = {
    name: "amount",
    label: t("amount"),
    ...(first && {
      hint: t("amountHint", { min: formatMoney(first.min, locale), max: formatMoney(first.max, locale) }),
    }),
    value: /^[0-9]{1,13}$/.test(input.amount ?? "") ? (input.amount ?? "") : "",
    amountOf: { currency: "NGN", unit, unitFirst },
    quick: {
      label: t("quickAmounts"),
      query: "currency=NGN",
      amounts: quick.map((naira) => ({
        value: naira.toString(),
        label: formatAmount(money(naira * KOBO, "NGN"), locale).number.replace(/[.,]00$/, ""),
      })),
    },
  };
  return {
    id: "naira",
    formKey: newKey(),
    hidden: { currency: "NGN" },
    fields: [amount, ...input.fields],
    words: {
      submit: input.submit,
      pending: t("pending"),
      errorsHeading: t("errorsToFix"),
      amountReasons: await amountReasons(),
    },
  };
}
