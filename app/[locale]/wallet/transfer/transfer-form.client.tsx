"use client";

import { useState } from "react";
import type { Currency } from "@/lib/money/currency";
import { ActionForm } from "@/lib/ui/action-form.client";
import { AmountField } from "@/lib/ui/amount-field";
import { Field } from "@/lib/ui/field";
import { type AmountReasons, amountCheck, type FieldCheck } from "@/lib/ui/field-checks";
import type { FormAction, FormState } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { type CheckedField, useCheckedFields } from "@/lib/ui/use-checked-fields";
import { isWholeWalletNumber, looksLikeRecipient } from "@/lib/ui/wallet-number";

const FIELDS = ["walletNumber", "amount", "note"] as const;

export interface TransferFormProps {
  /** A server action with these fields, passed by the page, and its name. */
  action: FormAction;
  name: string;
  /** The idempotency key of a form that has one. */
  formKey?: string;
  /** Without a recipient anybody who has the link may pay. */
  isRecipientOptional?: boolean;
  currency: Currency;
  unit: string;
  unitFirst: boolean;
  noteLengthMax: number;
  defaults: { walletNumber: string; amount: string; note: string };
  words: {
    walletNumber: string;
    walletNumberHint: string;
    walletNumberInvalid: string;
    amount: string;
    amountReasons: AmountReasons;
    note: string;
    noteHint: string;
    optional: string;
    submit: string;
    pending: string;
  };
}

export function TransferForm(props: TransferFormProps) {
  return (
    <ActionForm
      name={props.name}
      action={props.action}
      fields={FIELDS}
      hidden={{ currency: props.currency }}
      {...(props.formKey !== undefined && { formKey: props.formKey })}
    >
      {(failure) => <TransferFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function TransferFields(props: TransferFormProps & { failure: FormState }) {
  const { currency, words, failure, defaults } = props;
  const numberCheck: FieldCheck = (typed) =>
    looksLikeRecipient(typed) ? undefined : words.walletNumberInvalid;
  const checks = { walletNumber: numberCheck, amount: amountCheck(currency, words.amountReasons) };
  const field = useCheckedFields<(typeof FIELDS)[number]>({ failure, defaults, checks });
  return (
    <>
      <RecipientField
        field={field("walletNumber")}
        check={numberCheck}
        words={words}
        isOptional={props.isRecipientOptional ?? false}
      />
      <AmountField
        {...field("amount")}
        label={words.amount}
        unit={props.unit}
        unitFirst={props.unitFirst}
        currency={currency}
        required
      />
      <Field
        {...field("note")}
        label={words.note}
        hint={words.noteHint}
        optional={words.optional}
        autoComplete="off"
        maxLength={props.noteLengthMax}
      />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}

interface RecipientFieldProps {
  field: CheckedField;
  check: FieldCheck;
  words: TransferFormProps["words"];
  isOptional: boolean;
}

/** A wallet or phone number. The check digit is verified with the thirteenth digit, before the field loses the focus. */
function RecipientField({ field, check, words, isOptional }: RecipientFieldProps) {
  const [problem, setProblem] = useState<string>();
  return (
    <Field
      {...field}
      error={problem ?? field.error}
      onChange={({ target: { value: typed } }) =>
        setProblem(isWholeWalletNumber(typed) ? check(typed) : undefined)
      }
      label={words.walletNumber}
      hint={words.walletNumberHint}
      inputMode="tel"
      autoComplete="off"
      maxLength={30}
      {...(isOptional ? { optional: words.optional } : { required: true })}
    />
  );
}
