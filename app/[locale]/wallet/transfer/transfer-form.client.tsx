"use client";

import { useActionState, useState } from "react";
import { parseAmount } from "@/lib/money/parse-amount";
import { AmountField } from "@/lib/ui/amount-field";
import { useCheckedFields } from "@/lib/ui/checked-fields";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { Field } from "@/lib/ui/field";
import type { FormFailure } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { isWholeWalletNumber, looksLikeWalletNumber } from "@/lib/ui/wallet-number";
import { reviewTransfer } from "./actions";

const FIELDS = ["walletNumber", "amount", "note"] as const;

export interface TransferFormProps {
  currency: "XOF" | "NGN";
  unit: string;
  unitFirst: boolean;
  noteLengthMax: number;
  defaults: { walletNumber: string; amount: string; note: string };
  words: {
    walletNumber: string;
    walletNumberHint: string;
    walletNumberInvalid: string;
    amount: string;
    amountReasons: Record<string, string>;
    note: string;
    noteHint: string;
    optional: string;
    submit: string;
    pending: string;
  };
}

export function TransferForm(props: TransferFormProps) {
  const [failure, submit] = useActionState(reviewTransfer, null);
  return (
    <form action={submit} noValidate>
      <TransferFields key={failure?.requestId} {...props} failure={failure?.ok === false ? failure : null} />
    </form>
  );
}

function TransferFields(props: TransferFormProps & { failure: FormFailure | null }) {
  const { currency, words, failure, defaults } = props;
  const numberProblem = (typed: string) =>
    looksLikeWalletNumber(typed) ? undefined : words.walletNumberInvalid;
  const amountProblem = (typed: string) => {
    const parsed = parseAmount(typed, currency);
    return "reason" in parsed ? words.amountReasons[parsed.reason] : undefined;
  };
  const checks = { walletNumber: numberProblem, amount: amountProblem };
  const field = useCheckedFields<(typeof FIELDS)[number]>({ failure, defaults, checks });
  return (
    <>
      <FailureSummary failure={failure} fields={FIELDS} />
      <input type="hidden" name="currency" value={currency} />
      <WalletNumberField field={field("walletNumber")} problemOf={numberProblem} words={words} />
      <AmountField
        {...field("amount")}
        label={words.amount}
        unit={props.unit}
        unitFirst={props.unitFirst}
        inputMode={currency === "XOF" ? "numeric" : "decimal"}
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
  field: ReturnType<ReturnType<typeof useCheckedFields<string>>>;
  problemOf: (typed: string) => string | undefined;
  words: TransferFormProps["words"];
}

/** With the thirteenth digit the check digit speaks at once, before the field is left. */
function WalletNumberField({ field, problemOf, words }: WalletNumberFieldProps) {
  const [problem, setProblem] = useState<string>();
  const { onChange, error, ...rest } = field;
  return (
    <Field
      {...rest}
      error={problem ?? error}
      onChange={(event) => {
        const typed = event.target.value;
        setProblem(isWholeWalletNumber(typed) ? problemOf(typed) : undefined);
        void onChange(event);
      }}
      label={words.walletNumber}
      hint={words.walletNumberHint}
      inputMode="numeric"
      autoComplete="off"
      maxLength={30}
      required
    />
  );
}
