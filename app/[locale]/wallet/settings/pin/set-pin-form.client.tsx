"use client";

import { ActionForm } from "@/lib/ui/action-form.client";
import { type FormState, issueOf } from "@/lib/ui/form-state";
import { PinField } from "@/lib/ui/pin-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { savePin } from "./actions";

const FIELDS = ["currentPin", "pin", "pinAgain"] as const;

interface SetPinFormProps {
  /** The field that is required besides the new PIN. */
  proof: "currentPin" | null;
  version: string;
  next: string;
  words: {
    currentPin: string;
    pin: string;
    pinHint: string;
    pinAgain: string;
    submit: string;
    pending: string;
  };
}

export function SetPinForm(props: SetPinFormProps) {
  const { version, next } = props;
  return (
    <ActionForm name="save-pin" action={savePin} fields={FIELDS} hidden={{ version, next }}>
      {(failure) => <SetPinFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function SetPinFields({ proof, words, failure }: SetPinFormProps & { failure: FormState }) {
  const errorOf = (field: (typeof FIELDS)[number]) => ({ name: field, error: issueOf(failure, field) });
  return (
    <>
      {proof === "currentPin" && <PinField {...errorOf("currentPin")} label={words.currentPin} />}
      <PinField {...errorOf("pin")} label={words.pin} hint={words.pinHint} />
      <PinField {...errorOf("pinAgain")} label={words.pinAgain} />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}
