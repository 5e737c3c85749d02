"use client";

import { ActionForm } from "./action-form.client";
import { type FormAction, issueOf } from "./form-state";
import { PinField } from "./pin-field";
import { SubmitButton } from "./submit-button.client";

interface PinFormProps {
  /** A server action, handed over by the page. Fields: those of `hidden`, pin. */
  action: FormAction;
  /** The action's name. */
  name: string;
  /** What is confirmed: the id of a quote, or all that it says. */
  hidden: Readonly<Record<string, string>>;
  /** The idempotency key of the first submission, where no quote has one. */
  formKey?: string;
  /** The PIN's label and hint. */
  pin: { label: string; hint: string };
  submit: string;
  pending: string;
}

/** Confirms what the page has shown, with the person's PIN. */
export function PinForm({ action, name, hidden, formKey, pin, submit, pending }: PinFormProps) {
  return (
    <ActionForm {...{ name, action, hidden }} {...(formKey !== undefined && { formKey })} fields={["pin"]}>
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
