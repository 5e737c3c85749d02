import type { ComponentProps } from "react";
import type { Currency } from "@/lib/money/currency";
import { AmountField } from "./amount-field";
import { Field } from "./field";
import { MethodPicker } from "./method-picker";
import { type QuickAmount, QuickAmounts } from "./quick-amounts.client";
import { SelectField } from "./select-field";

const KINDS = {
  email: { type: "email", autoComplete: "email", autoCapitalize: "none", spellCheck: false },
  phone: { type: "tel", inputMode: "tel", autoComplete: "tel" },
  identifier: { autoComplete: "username", autoCapitalize: "none", spellCheck: false, maxLength: 320 },
  secret: { type: "password", autoComplete: "current-password" },
  new_password: { type: "password", autoComplete: "new-password" },
  pin: { type: "password", inputMode: "numeric", autoComplete: "off", maxLength: 12 },
  code: { inputMode: "numeric", autoComplete: "one-time-code", maxLength: 40 },
} as const;

/** One field of a `FieldsForm`, described by the page. */
export interface FormField {
  name: string;
  label: string;
  hint?: string;
  /** "facultatif", for a field that may stay empty. */
  optional?: string;
  /** The value before the first submission. */
  value?: string;
  maxLength?: number;
  /** An amount: its currency, and its unit as `formatAmount` gives it. */
  amountOf?: { currency: Currency; unit: string; unitFirst: boolean };
  quick?: { label: string; amounts: readonly QuickAmount[] };
  /** A choice from a possibly long list; the first entry means no choice yet. */
  options?: readonly { value: string; label: string }[];
  /** A payment method, picked among a few. */
  methods?: readonly { value: string; label: string }[];
  /** With the keyboard and the browser's autofill for it; a secret is hidden. */
  kind?: keyof typeof KINDS;
  /** Digits only: the numeric keyboard. */
  digits?: boolean;
  /** A day, picked between two others such as `2027-01-31`. */
  dayBetween?: { first: string; last: string };
}

interface TypedFieldProps {
  id: string;
  field: FormField;
  /** The attributes of its input. */
  input: ComponentProps<"input"> & { name: string; error?: string | undefined };
}

/** The control for a field: amount, method, list, date or text. */
export function TypedField({ id, field, input }: TypedFieldProps) {
  const { label, hint, optional, amountOf, dayBetween, quick, maxLength, options, methods } = field;
  const shared = {
    ...input,
    id,
    label,
    hint,
    ...(maxLength && { maxLength }),
    ...(optional && { optional }),
  };
  if (amountOf) {
    return (
      <AmountField {...shared} {...amountOf}>
        {quick && <QuickAmounts {...quick} fieldId={id} />}
      </AmountField>
    );
  }
  if (methods) {
    const { name, error, defaultValue } = input;
    return (
      <MethodPicker
        name={name}
        label={label}
        error={error}
        options={methods}
        selected={String(defaultValue ?? "")}
        {...(hint && { hint })}
      />
    );
  }
  if (options) {
    return <SelectField {...{ id, label, hint, options }} input={input} />;
  }
  if (dayBetween) return <Field {...shared} type="date" min={dayBetween.first} max={dayBetween.last} />;
  if (field.kind) return <Field {...KINDS[field.kind]} {...shared} />;
  return <Field {...shared} autoComplete="off" {...(field.digits && { inputMode: "numeric" })} />;
}
