"use client";

import type { ReactNode } from "react";
import { FORM_NAME_FIELD, FORM_OWNER_FIELD } from "@/lib/form-fields";
import { Disclosure } from "./disclosure";
import { FailureSummary } from "./failure-summary";
import { useFormMemory } from "./form-memory.client";
import type { FormAction, FormState } from "./form-state";
import { useFormAction } from "./use-form-action";

interface ActionFormProps {
  /** A server action, passed by the page. */
  action: FormAction;
  /** The action's name: what was typed comes back to the form of this name. */
  name: string;
  /** The names of its fields from top to bottom: errors are listed in this order. */
  fields?: readonly string[];
  /** Prefix of the fields' ids, where a page has several forms. */
  idPrefix?: string;
  /** Hidden fields. */
  hidden?: Readonly<Record<string, string>>;
  /** The idempotency key of the first submission; a refused form gets a new one. */
  formKey?: string;
  /** Puts the form into a disclosure with this label; errors open it again. */
  summary?: string;
  /** The form's content; a function where it depends on the server's failure. */
  children: ReactNode | ((failure: FormState) => ReactNode);
}

/**
 * Every form that runs a server action: a plain POST before, and without, JavaScript. Lists the server's errors above
 * its fields. Fields that are checked when they lose the focus take their attributes from `useCheckedFields`.
 */
export function ActionForm({ action, summary, ...props }: ActionFormProps) {
  const { state: failure, form: attributes, contentKey } = useFormAction(props.name, action);
  const form = (
    <form {...attributes}>
      {/* Mounted anew for each failure: with the submitted values, and with a new idempotency key. */}
      <Content key={contentKey} {...props} failure={failure} />
    </form>
  );
  if (!summary) return form;
  return (
    <Disclosure summary={summary} open={Boolean(failure)}>
      {form}
    </Disclosure>
  );
}

function Content(props: Omit<ActionFormProps, "action" | "summary"> & { failure: FormState }) {
  const { name: form, failure, fields = [], idPrefix = "", hidden = {}, formKey, children } = props;
  return (
    <>
      <KeptFormFields name={form} />
      <DefaultButton />
      <FailureSummary failure={failure} fields={fields} idPrefix={idPrefix} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {formKey && (
        <input type="hidden" name="key" value={failure?.formKey ?? (failure?.requestId || formKey)} />
      )}
      {typeof children === "function" ? children(failure) : children}
    </>
  );
}

/** The hidden fields by which a form that could not be run comes back to the person who filled it in. */
export function KeptFormFields({ name }: { name: string }) {
  const { owner } = useFormMemory();
  return (
    <>
      <input type="hidden" name={FORM_NAME_FIELD} value={name} />
      {owner !== "" && <input type="hidden" name={FORM_OWNER_FIELD} value={owner} />}
    </>
  );
}

/** What the Enter key presses in a field: the first button of a form, which may fill in an amount otherwise. */
function DefaultButton() {
  return <button type="submit" tabIndex={-1} aria-hidden="true" className="sr-only" />;
}
