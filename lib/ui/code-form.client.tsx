"use client";

import { ActionForm } from "./action-form.client";
import type { FormAction } from "./form-state";
import { issueOf } from "./form-state";
import { SubmitButton } from "./submit-button.client";
import { TypedField } from "./typed-field";

interface CodeFormProps {
  /** A server action with the field `code`. */
  action: FormAction;
  /** The action's name. */
  name: string;
  hidden?: Readonly<Record<string, string>>;
  words: { code: string; hint: string; submit: string; pending: string };
}

/** Asks for the six digits of a message; phones offer them above the keyboard. */
export function CodeForm({ action, name, hidden = {}, words }: CodeFormProps) {
  return (
    <ActionForm name={name} action={action} fields={["code"]} hidden={hidden}>
      {(failure) => (
        <>
          <TypedField
            id="code"
            field={{ name: "code", label: words.code, hint: words.hint, kind: "code" }}
            input={{ name: "code", error: issueOf(failure, "code"), required: true }}
          />
          <SubmitButton wide pendingLabel={words.pending}>
            {words.submit}
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
