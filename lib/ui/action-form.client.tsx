"use client";

import { type ReactNode, useActionState } from "react";
import { ErrorSummary } from "./error-summary";
import type { FormAction } from "./form-state";

interface ActionFormProps {
  /** A server action, handed over by the page. */
  action: FormAction;
  children: ReactNode;
}

/** A form that has nothing to check: a button or a choice. What the server refuses is said above it. */
export function ActionForm({ action, children }: ActionFormProps) {
  const [state, submit] = useActionState(action, null);
  return (
    <form action={submit}>
      {state?.ok === false && <ErrorSummary key={state.requestId} heading={state.message} />}
      {children}
    </form>
  );
}
