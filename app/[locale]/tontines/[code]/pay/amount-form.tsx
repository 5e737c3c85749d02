import { getTranslations } from "next-intl/server";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { AmountField } from "@/lib/ui/amount-field";
import { Button } from "@/lib/ui/button";
import { amountReasons, unitOf } from "../../../wallet/amount-field-props";

/** An amount in an address: what was typed, and what it is or why it isn't one. Empty is neither. */
export interface TypedAmount {
  typed: string;
  amount: Money | null;
  reason: string | null;
}

export function readTypedAmount(value: unknown, currency: Currency): TypedAmount {
  const typed = typeof value === "string" ? value.slice(0, 40) : "";
  if (typed.trim() === "") return { typed, amount: null, reason: null };
  const parsed = parseAmount(typed, currency);
  if ("reason" in parsed) return { typed, amount: null, reason: parsed.reason };
  return { typed, amount: money(parsed.amountMinor, currency), reason: null };
}

interface AmountFormProps {
  currency: Currency;
  /** The page, which is opened again with `amount`. */
  path: string;
  /** What its address names beside the amount. */
  query?: Readonly<Record<string, string>>;
  hint: string;
  typed: string;
  /** Why `typed` isn't taken. */
  error?: string | undefined;
}

/** Asks for an amount before it is reviewed: nothing is done yet. */
export async function AmountForm({ currency, path, query = {}, hint, typed, error }: AmountFormProps) {
  const t = await getTranslations("tontines.pay");
  return (
    <form method="get" action={path}>
      {Object.entries(query).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <AmountField
        {...(await unitOf(currency))}
        name="amount"
        label={t("amount")}
        hint={hint}
        defaultValue={typed}
        error={error}
      />
      <Button wide>{t("review")}</Button>
    </form>
  );
}

/** Why an amount isn't one, in the reader's language. */
export async function amountProblem(reason: string | null): Promise<string | undefined> {
  const reasons = await amountReasons();
  return reason === null ? undefined : reasons[reason as keyof typeof reasons];
}
