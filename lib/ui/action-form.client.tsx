"use client";

import { type ReactNode, useActionState } from "react";
import { Disclosure } from "./disclosure";
import { FailureSummary } from "./failure-summary";
import type { FormAction, FormState } from "./form-state";

interface ActionFormProps {
  /** A server action, passed by the page. */
  action: FormAction;
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
  const [failure, submit] = useActionState(action, null);
  const form = (
    <form action={submit} noValidate>
      {/* Mounted anew for each failure: with the submitted values, and with a new idempotency key. */}
      <Content key={failure?.requestId} {...props} failure={failure} />
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
  const { failure, fields = [], idPrefix = "", hidden = {}, formKey, children } = props;
  return (
    <>
      <FailureSummary failure={failure} fields={fields} idPrefix={idPrefix} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {formKey && <input type="hidden" name="key" value={failure?.requestId ?? formKey} />}
      {typeof children === "function" ? children(failure) : children}
    </>
  );
}
