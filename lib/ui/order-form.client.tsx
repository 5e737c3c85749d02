"use client";

import { useActionState } from "react";
import { useForm } from "react-hook-form";
import { parseAmount } from "@/lib/money/parse-amount";
import { AmountField } from "./amount-field";
import { Button } from "./button";
import { ErrorSummary } from "./error-summary";
import { type FormAction, type FormFailure, issueOf } from "./form-state";
import { MethodPicker } from "./method-picker";
import { PhoneField } from "./phone-field";
import { type QuickAmount, QuickAmounts } from "./quick-amounts.client";

export interface OrderWords {
  amount: string;
  amountHint: string;
  quickAmounts: string;
  phone: string;
  phoneHint: string;
  method: string;
  methodNone: string;
  submit: string;
  errorsHeading: string;
  /** What an amount can be refused for before it is sent, by its reason. */
  amountReasons: Record<string, string>;
}

export interface OrderMethodOption {
  value: string;
  label: string;
  /** Digits of its country's calling code, such as `226`. */
  callingCode: string;
}

export interface OrderFormProps {
  action: FormAction;
  /** The idempotency key of the first try. */
  formKey: string;
  currency: "XOF" | "NGN";
  unit: string;
  unitFirst: boolean;
  defaults: { amount: string; phone: string; callingCode: string };
  methods: readonly OrderMethodOption[];
  quickAmounts: readonly QuickAmount[];
  words: OrderWords;
}

/** Amount, phone and method of money coming in or going out. The server checks; this only says it sooner. */
export function OrderForm(props: OrderFormProps) {
  const [failure, submit, isPending] = useActionState(props.action, null);
  return (
    <form action={submit} noValidate>
      {/* What the server answered is a new form: with its values, and with a key of its own. */}
      <OrderFields key={failure?.requestId} {...props} failure={failure} isPending={isPending} />
    </form>
  );
}

function OrderFields(props: OrderFormProps & { failure: FormFailure | null; isPending: boolean }) {
  const { failure, words, defaults } = props;
  const values: Record<string, string> = { ...defaults, ...failure?.values };
  const { register, watch, formState } = useForm({
    mode: "onBlur",
    defaultValues: { amount: values.amount ?? "", phone: values.phone ?? "" },
  });
  const amount = register("amount", { validate: (typed) => amountProblem(typed, props) ?? true });
  const amountError = formState.errors.amount?.message ?? issueOf(failure, "amount");
  return (
    <>
      {failure && <OrderErrors failure={failure} heading={words.errorsHeading} />}
      <input type="hidden" name="key" value={failure?.requestId ?? props.formKey} />
      <AmountField
        {...amount}
        label={words.amount}
        hint={words.amountHint}
        error={amountError}
        unit={props.unit}
        unitFirst={props.unitFirst}
        defaultValue={values.amount}
        required
      >
        <QuickAmounts label={words.quickAmounts} fieldId="amount" amounts={props.quickAmounts} />
      </AmountField>
      <PhoneField
        {...register("phone")}
        label={words.phone}
        hint={words.phoneHint}
        error={issueOf(failure, "phone")}
        defaultValue={values.phone}
        required
      />
      <OrderMethods {...props} phone={watch("phone")} selected={values.method} />
      <Button wide disabled={props.isPending}>
        {words.submit}
      </Button>
    </>
  );
}

function OrderMethods(
  props: OrderFormProps & { phone: string; selected: string | undefined; failure: FormFailure | null },
) {
  const { words, methods } = props;
  const code = callingCodeOf(props.phone, methods) ?? props.defaults.callingCode;
  const options = methods.filter((method) => method.callingCode === code);
  if (options.length === 0) return <p className="mb-5 text-muted">{words.methodNone}</p>;
  const error = issueOf(props.failure, "method");
  return <MethodPicker label={words.method} error={error} options={options} selected={props.selected} />;
}

function OrderErrors({ failure, heading }: { failure: FormFailure; heading: string }) {
  const errors = failure.issues.map((issue) => ({ fieldId: issue.field, message: issue.message }));
  return <ErrorSummary heading={errors.length > 0 ? heading : failure.message} errors={errors} />;
}

function amountProblem(typed: string, { currency, words }: OrderFormProps): string | undefined {
  const parsed = parseAmount(typed, currency);
  return "reason" in parsed ? words.amountReasons[parsed.reason] : undefined;
}

/** The calling code that a number was typed with; undefined for a local one, and for a country that isn't served. */
function callingCodeOf(phone: string, methods: readonly OrderMethodOption[]): string | undefined {
  const digits = phone.replace(/[^0-9+]/g, "").replace(/^00/, "+");
  if (!digits.startsWith("+")) return undefined;
  return methods.find((method) => digits.startsWith(`+${method.callingCode}`))?.callingCode;
}
