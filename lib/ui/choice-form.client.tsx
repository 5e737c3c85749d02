"use client";

import { ActionForm } from "./action-form.client";
import { type Choice, ChoiceCards } from "./choice-cards";
import { type FormAction, issueOf } from "./form-state";
import { SubmitButton } from "./submit-button.client";

interface ChoiceFormProps {
  /** A server action, handed over by the page, and its name. */
  action: FormAction;
  name: string;
  /** The form's only field. */
  field: string;
  label: string;
  choices: readonly Choice[];
  selected: string;
  sideBySide?: boolean;
  submit: string;
  pending: string;
}

/** One choice among a few, with its button. */
export function ChoiceForm({ action, name, field, selected, submit, pending, ...choice }: ChoiceFormProps) {
  return (
    <ActionForm name={name} action={action} fields={[field]}>
      {(failure) => (
        <>
          <ChoiceCards
            {...choice}
            name={field}
            error={issueOf(failure, field)}
            selected={failure?.values[field] ?? selected}
          />
          <SubmitButton variant="secondary" wide pendingLabel={pending}>
            {submit}
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
