"use client";

import type { ReactNode } from "react";
import { ActionForm } from "./action-form.client";
import type { ButtonVariant } from "./button";
import { Disclosure } from "./disclosure";
import { type AmountReasons, amountCheck } from "./field-checks";
import { type FormAction, type FormState, issueOf } from "./form-state";
import { SubmitButton } from "./submit-button.client";
import { type FormField, TypedField } from "./typed-field";
import { useCheckedFields } from "./use-checked-fields";

interface FieldsFormProps {
  /** A server action, passed by the page. */
  action: FormAction;
  /** The action's name. */
  name: string;
  /** Prefix of the fields' ids, where a page has several forms. */
  id: string;
  /** Hidden fields. */
  hidden: Readonly<Record<string, string>>;
  /** The idempotency key of the first submission; a refused form gets a new one. */
  formKey?: string;
  fields: readonly FormField[];
  /** More fields, folded away until one of them has an error. */
  folded?: { summary: string; fields: readonly FormField[] };
  variant?: ButtonVariant;
  /** Puts the form into a disclosure with this label; errors open it again. */
  summary?: string;
  /** Above the button. */
  note?: ReactNode;
  /** Disables the button; the note says why. Errors are still shown. */
  off?: boolean;
  words: { submit: string; pending: string; amountReasons: AmountReasons };
}

/** A form whose fields are described by the page. Amounts are checked when they lose the focus, all fields by the server. */
export function FieldsForm({ action, name, hidden, formKey, summary, ...fields }: FieldsFormProps) {
  return (
    <ActionForm
      {...{ action, name, hidden }}
      {...(formKey !== undefined && { formKey })}
      {...(summary !== undefined && { summary })}
      idPrefix={idPrefixOf(fields.id)}
      fields={allFields(fields).map(({ name }) => name)}
    >
      {(failure) => <Fields {...fields} failure={failure} />}
    </ActionForm>
  );
}

const allFields = ({ fields, folded }: Pick<FieldsFormProps, "fields" | "folded">) => [
  ...fields,
  ...(folded?.fields ?? []),
];

const idPrefixOf = (id: string) => `${id}-`;

interface FieldsProps extends Omit<FieldsFormProps, "action" | "name" | "hidden" | "formKey" | "summary"> {
  failure: FormState;
}

function Fields({ id, fields, folded, variant, note, off, words, failure }: FieldsProps) {
  const idPrefix = idPrefixOf(id);
  const all = allFields({ fields, ...(folded && { folded }) });
  const checks = all.map(({ name, amountOf }) => [
    name,
    amountOf && amountCheck(amountOf.currency, words.amountReasons),
  ]);
  const defaults = Object.fromEntries(all.map(({ name, value }) => [name, value]));
  const inputOf = useCheckedFields({ failure, checks: Object.fromEntries(checks), defaults });
  const noteId = `${idPrefix}note`;
  const typedField = (field: FormField) => (
    <TypedField key={field.name} id={idPrefix + field.name} field={field} input={inputOf(field.name)} />
  );
  const isWrong = folded?.fields.some(({ name }) => issueOf(failure, name) !== undefined);
  return (
    <>
      {fields.map(typedField)}
      {folded && (
        <div className="mb-5 rounded-card border border-line bg-card">
          <Disclosure summary={folded.summary} open={isWrong ?? false}>
            {folded.fields.map(typedField)}
          </Disclosure>
        </div>
      )}
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
