"use client";

import { type ReactNode, useActionState } from "react";
import { parseAmount } from "@/lib/money/parse-amount";
import { useBlurChecks } from "./blur-checks";
import type { ButtonVariant } from "./button";
import { Disclosure } from "./disclosure";
import { ErrorSummary } from "./error-summary";
import type { FormAction, FormFailure } from "./form-state";
import { SubmitButton } from "./submit-button.client";
import { type FormField, TypedField } from "./typed-field";

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
  words: { submit: string; pending: string; errorsHeading: string; amountReasons: Record<string, string> };
}

/** A few fields and a button. The server checks; this only says it sooner of an amount. */
export function FieldsForm(props: FieldsFormProps) {
  const [state, submit] = useActionState(props.action, null);
  const failure = state?.ok === false ? state : null;
  const form = (
    <form action={submit} noValidate>
      {/* What the server answered is a new form: with its values, and with a key of its own. */}
      <Fields key={failure?.requestId} {...props} failure={failure} />
    </form>
  );
  if (!props.summary) return form;
  return (
    <Disclosure summary={props.summary} open={failure !== null}>
      {form}
    </Disclosure>
  );
}

function Fields({ failure, fields, words, ...props }: FieldsFormProps & { failure: FormFailure | null }) {
  const inputOf = useBlurChecks(failure, (name, typed) => {
    const amountOf = fields.find((field) => field.name === name)?.amountOf;
    const parsed = amountOf && parseAmount(typed, amountOf.currency);
    return parsed && "reason" in parsed ? words.amountReasons[parsed.reason] : undefined;
  });
  const idOf = (name: string) => `${props.id}-${name}`;
  const rank = (name: string) => fields.findIndex((field) => field.name === name);
  // Listed as the fields stand, whichever check came first.
  const issues = [...(failure?.issues ?? [])].sort((one, other) => rank(one.field) - rank(other.field));
  const errors = issues.map(({ field: name, message }) => ({ fieldId: idOf(name), message }));
  return (
    <>
      {failure && (
        <ErrorSummary heading={errors.length > 0 ? words.errorsHeading : failure.message} errors={errors} />
      )}
      {Object.entries(props.hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {props.formKey && <input type="hidden" name="key" value={failure?.requestId ?? props.formKey} />}
      {fields.map((field) => (
        <TypedField
          key={field.name}
          id={idOf(field.name)}
          field={field}
          input={inputOf(field.name, field.value)}
        />
      ))}
      {props.note && (
        <div id={idOf("note")} className="mb-4">
          {props.note}
        </div>
      )}
      <SubmitButton
        wide
        variant={props.variant ?? "primary"}
        pendingLabel={words.pending}
        {...(props.off && { disabled: true, "aria-describedby": idOf("note"), className: "opacity-60" })}
      >
        {words.submit}
      </SubmitButton>
    </>
  );
}
