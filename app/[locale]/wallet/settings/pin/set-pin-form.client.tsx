"use client";

import { useActionState } from "react";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { Field } from "@/lib/ui/field";
import { issueOf } from "@/lib/ui/form-state";
import { PinField } from "@/lib/ui/pin-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { savePin } from "./actions";

const FIELDS = ["currentPin", "password", "pin", "pinAgain"] as const;

interface SetPinFormProps {
  /** What is asked for beside the new PIN. */
  proof: "currentPin" | "password" | null;
  version: string;
  next: string;
  words: {
    currentPin: string;
    password: string;
    passwordHint: string;
    pin: string;
    pinHint: string;
    pinAgain: string;
    submit: string;
    pending: string;
  };
}

export function SetPinForm({ proof, version, next, words }: SetPinFormProps) {
  const [state, save] = useActionState(savePin, null);
  const failure = state?.ok === false ? state : null;
  const errorOf = (field: (typeof FIELDS)[number]) => ({ name: field, error: issueOf(failure, field) });
  return (
    <form action={save} noValidate>
      <FailureSummary key={failure?.requestId} failure={failure} fields={FIELDS} />
      <input type="hidden" name="version" value={version} />
      <input type="hidden" name="next" value={next} />
      {proof === "currentPin" && <PinField {...errorOf("currentPin")} label={words.currentPin} />}
      {proof === "password" && (
        <Field
          {...errorOf("password")}
          label={words.password}
          hint={words.passwordHint}
          type="password"
          autoComplete="current-password"
          required
        />
      )}
      <PinField {...errorOf("pin")} label={words.pin} hint={words.pinHint} />
      <PinField {...errorOf("pinAgain")} label={words.pinAgain} />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </form>
  );
}
