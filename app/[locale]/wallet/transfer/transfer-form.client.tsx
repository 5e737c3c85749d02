"use client";

import { useState } from "react";
import type { Currency } from "@/lib/money/currency";
import { ActionForm } from "@/lib/ui/action-form.client";
import { AmountField } from "@/lib/ui/amount-field";
import { Field } from "@/lib/ui/field";
import { type AmountReasons, amountCheck, type FieldCheck } from "@/lib/ui/field-checks";
import type { FormState } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { type CheckedField, useCheckedFields } from "@/lib/ui/use-checked-fields";
import { isWholeWalletNumber, looksLikeWalletNumber } from "@/lib/ui/wallet-number";
import { reviewTransfer } from "./actions";

const FIELDS = ["walletNumber", "amount", "note"] as const;

export interface TransferFormProps {
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
      name="review-transfer"
      action={reviewTransfer}
      fields={FIELDS}
      hidden={{ currency: props.currency }}
    >
      {(failure) => <TransferFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function TransferFields(props: TransferFormProps & { failure: FormState }) {
  const { currency, words, failure, defaults } = props;
  const numberCheck: FieldCheck = (typed) =>
    looksLikeWalletNumber(typed) ? undefined : words.walletNumberInvalid;
  const checks = { walletNumber: numberCheck, amount: amountCheck(currency, words.amountReasons) };
  const field = useCheckedFields<(typeof FIELDS)[number]>({ failure, defaults, checks });
  return (
    <>
      <WalletNumberField field={field("walletNumber")} check={numberCheck} words={words} />
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

interface WalletNumberFieldProps {
  field: CheckedField;
  check: FieldCheck;
  words: TransferFormProps["words"];
}

/** The check digit is verified with the thirteenth digit, before the field loses the focus. */
function WalletNumberField({ field, check, words }: WalletNumberFieldProps) {
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
      inputMode="numeric"
      autoComplete="off"
      maxLength={30}
      required
    />
  );
}
