"use client";

import type { ReactNode } from "react";
import { ActionForm } from "./action-form.client";
import type { ButtonVariant } from "./button";
import { type AmountReasons, amountCheck } from "./field-checks";
import type { FormAction, FormState } from "./form-state";
import { SubmitButton } from "./submit-button.client";
import { type FormField, TypedField } from "./typed-field";
import { useCheckedFields } from "./use-checked-fields";

interface FieldsFormProps {
  /** A server action, handed over by the page. */
  action: FormAction;
  /** In front of the fields' ids, where a page has several forms. */
  id: string;
  /** Fields that people don't see. */
  hidden: Readonly<Record<string, string>>;
  /** The idempotency key of the first try, where one is needed. */
  formKey?: string;
  fields: readonly FormField[];
  variant?: ButtonVariant;
  /** Puts the form behind this name; what the server refused opens it again. */
  summary?: string;
  /** Above the button. */
  note?: ReactNode;
  /** True while it would be refused; the note says why. What was refused meanwhile still shows. */
  off?: boolean;
  words: { submit: string; pending: string; amountReasons: AmountReasons };
}

/** A form whose fields a page lists, and a button. The server checks; this only says it sooner of an amount. */
export function FieldsForm({ action, hidden, formKey, summary, ...fields }: FieldsFormProps) {
  return (
    <ActionForm
      {...{ action, hidden }}
      {...(formKey !== undefined && { formKey })}
      {...(summary !== undefined && { summary })}
      idPrefix={idPrefixOf(fields.id)}
      fields={fields.fields.map(({ name }) => name)}
    >
      {(failure) => <Fields {...fields} failure={failure} />}
    </ActionForm>
  );
}

const idPrefixOf = (id: string) => `${id}-`;

interface FieldsProps extends Omit<FieldsFormProps, "action" | "hidden" | "formKey" | "summary"> {
  failure: FormState;
}

function Fields({ id, fields, variant, note, off, words, failure }: FieldsProps) {
  const idPrefix = idPrefixOf(id);
  const checks = fields.map(({ name, amountOf }) => [
    name,
    amountOf && amountCheck(amountOf.currency, words.amountReasons),
  ]);
  const defaults = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const inputOf = useCheckedFields({ failure, checks: Object.fromEntries(checks), defaults });
  const noteId = `${idPrefix}note`;
  return (
    <>
      {fields.map((field) => (
        <TypedField key={field.name} id={idPrefix + field.name} field={field} input={inputOf(field.name)} />
      ))}
      {note && (
        <div id={noteId} className="mb-4">
          {note}
        </div>
      )}
      <SubmitButton
        wide
        variant={variant ?? "primary"}
        pendingLabel={words.pending}
        {...(off && { disabled: true, "aria-describedby": noteId, className: "opacity-60" })}
      >
        {words.submit}
      </SubmitButton>
    </>
  );
}
