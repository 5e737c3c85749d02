"use client";

import { KeptFormFields } from "@/lib/ui/action-form.client";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { issueOf } from "@/lib/ui/form-state";
import { Notice } from "@/lib/ui/notice";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { TypedField } from "@/lib/ui/typed-field";
import { useFormAction } from "@/lib/ui/use-form-action";
import { confirmTotp } from "./actions";

interface ConfirmTotpFormProps {
  /** False when the second step is on, or no secret was made: then only the codes of the form's answer are shown. */
  isAsked: boolean;
  back: string;
  words: Record<"code" | "codeHint" | "submit" | "pending" | "done" | "recovery" | "back", string>;
}

/** Asks for the app's first code; then shows the recovery codes in its place, once. */
export function ConfirmTotpForm({ isAsked, back, words }: ConfirmTotpFormProps) {
  const { state, form, contentKey } = useFormAction<{ ok: true; recoveryCodes: string[] }>(
    "confirm-totp",
    confirmTotp,
  );
  if (state?.ok) {
    return (
      <>
        <Notice tone="good" live>
          {words.done}
        </Notice>
        <p className="mt-4 mb-3">{words.recovery}</p>
        <ul className="grid grid-cols-2 gap-2 rounded-card border border-line bg-card p-4 font-mono">
          {state.recoveryCodes.map((code) => (
            <li key={code} className="select-all">
              {code}
            </li>
          ))}
        </ul>
        <p className="mt-4">
          <a href={back} className="inline-flex min-h-11 items-center underline underline-offset-4">
            {words.back}
          </a>
        </p>
      </>
    );
  }
  if (!isAsked) return null;
  return (
    <form {...form}>
      <KeptFormFields name="confirm-totp" />
      <div key={contentKey}>
        <FailureSummary failure={state} fields={["code"]} />
        <TypedField
          id="code"
          field={{ name: "code", label: words.code, hint: words.codeHint, kind: "code", maxLength: 12 }}
          input={{ name: "code", error: issueOf(state, "code"), required: true }}
        />
        <SubmitButton wide pendingLabel={words.pending}>
          {words.submit}
        </SubmitButton>
      </div>
    </form>
  );
}
