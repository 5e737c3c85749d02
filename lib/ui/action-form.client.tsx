"use client";

import { type ReactNode, useActionState } from "react";
import { Disclosure } from "./disclosure";
import { FailureSummary } from "./failure-summary";
import type { FormAction, FormState } from "./form-state";

interface ActionFormProps {
  /** A server action, handed over by the page. */
  action: FormAction;
  /** The names of its fields from top to bottom: what was refused is listed in this order. */
  fields?: readonly string[];
  /** In front of the fields' ids, where a page has several forms. */
  idPrefix?: string;
  /** Fields that people don't see. */
  hidden?: Readonly<Record<string, string>>;
  /** The idempotency key of the first try, where one is needed. */
  formKey?: string;
  /** Puts the form behind this name; what the server refused opens it again. */
  summary?: string;
  /** What is in the form; a function, where it depends on what the server refused. */
  children: ReactNode | ((failure: FormState) => ReactNode);
}

/**
 * The one form of the product: a real POST before, and without, JavaScript. What the server refused is listed above
 * its fields. Fields that are checked when they are left take their attributes from `useCheckedFields`.
 */
export function ActionForm({ action, summary, ...props }: ActionFormProps) {
  const [failure, submit] = useActionState(action, null);
  const form = (
    <form action={submit} noValidate>
      {/* What the server answered is a new form: with its values, and with a key of its own. */}
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
