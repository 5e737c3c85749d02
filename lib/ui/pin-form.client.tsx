"use client";

import { ActionForm } from "./action-form.client";
import { type FormAction, issueOf } from "./form-state";
import { PinField } from "./pin-field";
import { SubmitButton } from "./submit-button.client";

interface PinFormProps {
  /** A server action, handed over by the page. Fields: quoteId, pin. */
  action: FormAction;
  /** The action's name. */
  name: string;
  quoteId: string;
  /** The PIN's label and hint. */
  pin: { label: string; hint: string };
  submit: string;
  pending: string;
}

/** Confirms a quote that the server keeps, with the person's PIN. */
export function PinForm({ action, name, quoteId, pin, submit, pending }: PinFormProps) {
  return (
    <ActionForm name={name} action={action} fields={["pin"]} hidden={{ quoteId }}>
      {(failure) => (
        <>
          <PinField {...pin} name="pin" error={issueOf(failure, "pin")} />
          <SubmitButton wide pendingLabel={pending}>
            {submit}
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
