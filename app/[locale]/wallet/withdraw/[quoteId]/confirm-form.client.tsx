"use client";

import { useActionState } from "react";
import { Button } from "@/lib/ui/button";
import { ErrorSummary } from "@/lib/ui/error-summary";
import { confirmWithdrawal } from "./actions";

interface ConfirmFormProps {
  quoteId: string;
  submit: string;
}

/** One button: everything else was kept by the server. */
export function ConfirmForm({ quoteId, submit }: ConfirmFormProps) {
  const [state, confirm, isPending] = useActionState(confirmWithdrawal, null);
  return (
    <form action={confirm}>
      {state && !state.ok && <ErrorSummary heading={state.message} />}
      <input type="hidden" name="quoteId" value={quoteId} />
      <Button wide disabled={isPending}>
        {submit}
      </Button>
    </form>
  );
}
