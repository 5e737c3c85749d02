"use client";

import { useState } from "react";
import type { Currency } from "@/lib/money/currency";
import { ActionForm } from "./action-form.client";
import { AmountField } from "./amount-field";
import { type AmountReasons, amountCheck } from "./field-checks";
import { type FormAction, type FormState, issueOf } from "./form-state";
import { MethodPicker } from "./method-picker";
import { PhoneField } from "./phone-field";
import { type QuickAmount, QuickAmounts } from "./quick-amounts.client";
import { SubmitButton } from "./submit-button.client";
import { useCheckedFields } from "./use-checked-fields";

export interface OrderWords {
  amount: string;
  amountHint: string;
  quickAmounts: string;
  phone: string;
  phoneHint: string;
  method: string;
  methodNone: string;
  submit: string;
  pending: string;
  amountReasons: AmountReasons;
}

export interface OrderMethodOption {
  value: string;
  label: string;
  /** Digits of its country's calling code, such as `226`. */
  callingCode: string;
}

export interface OrderFormProps {
  /** A server action, handed over by the page. Fields: amount, phone, method, currency, key. */
  action: FormAction;
  /** The action's name. */
  name: string;
  /** The idempotency key of the first submission; a refused form gets a new one. */
  formKey: string;
  currency: Currency;
  unit: string;
  unitFirst: boolean;
  /** `method` may be one that isn't offered: then none is chosen. */
  defaults: { amount: string; phone: string; callingCode: string; method: string };
  methods: readonly OrderMethodOption[];
  quickAmounts: readonly QuickAmount[];
  words: OrderWords;
}

/** Amount, phone and method of a top-up or a withdrawal. The phone's calling code decides which methods are offered. */
export function OrderForm(props: OrderFormProps) {
  return (
    <ActionForm
      action={props.action}
      name={props.name}
      formKey={props.formKey}
      hidden={{ currency: props.currency }}
      fields={["amount", "phone", "method"]}
    >
      {(failure) => <OrderFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function OrderFields(props: OrderFormProps & { failure: FormState }) {
  const { failure, words, defaults, currency } = props;
  const field = useCheckedFields<"amount" | "phone">({
    failure,
    defaults,
    checks: { amount: amountCheck(currency, words.amountReasons) },
  });
  const phone = field("phone");
  const [typedPhone, setTypedPhone] = useState(phone.defaultValue);
  return (
    <>
      <AmountField
        {...field("amount")}
        label={words.amount}
        hint={words.amountHint}
        currency={currency}
        unit={props.unit}
        unitFirst={props.unitFirst}
        required
      >
        <QuickAmounts label={words.quickAmounts} fieldId="amount" amounts={props.quickAmounts} />
      </AmountField>
      <PhoneField
        {...phone}
        onChange={(event) => setTypedPhone(event.target.value)}
        label={words.phone}
        hint={words.phoneHint}
        required
      />
      <OrderMethods {...props} phone={typedPhone} />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}

function OrderMethods(props: OrderFormProps & { phone: string; failure: FormState }) {
  const { words, methods, failure } = props;
  const code = callingCodeOf(props.phone, methods) ?? props.defaults.callingCode;
  const options = methods.filter((method) => method.callingCode === code);
  if (options.length === 0) return <p className="mb-5 text-muted">{words.methodNone}</p>;
  return (
    <MethodPicker
      label={words.method}
      error={issueOf(failure, "method")}
      options={options}
      selected={failure?.values.method ?? props.defaults.method}
    />
  );
}

/** The calling code of a typed number; undefined for local numbers and for countries without a method. */
function callingCodeOf(phone: string, methods: readonly OrderMethodOption[]): string | undefined {
  const digits = phone.replace(/[^0-9+]/g, "").replace(/^00/, "+");
  if (!digits.startsWith("+")) return undefined;
  return methods.find((method) => digits.startsWith(`+${method.callingCode}`))?.callingCode;
}
