"use client";

import { useActionState } from "react";
import { looksLikeEmail, useCheckedFields } from "@/lib/ui/checked-fields";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { Field } from "@/lib/ui/field";
import type { FormFailure } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { signIn } from "./actions";

const FIELDS = ["email", "password"] as const;

interface SignInFormProps {
  /** Where to go afterwards: a path without language. */
  next: string | null;
  words: {
    email: string;
    emailInvalid: string;
    password: string;
    submit: string;
    pending: string;
  };
}

export function SignInForm(props: SignInFormProps) {
  const [state, submit] = useActionState(signIn, null);
  const failure = state?.ok === false ? state : null;
  return (
    <form action={submit} noValidate>
      <SignInFields key={failure?.requestId} {...props} failure={failure} />
    </form>
  );
}

function SignInFields({ next, words, failure }: SignInFormProps & { failure: FormFailure | null }) {
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    checks: { email: (typed) => (looksLikeEmail(typed) ? undefined : words.emailInvalid) },
  });
  return (
    <>
      <FailureSummary failure={failure} fields={FIELDS} />
      {next !== null && <input type="hidden" name="next" value={next} />}
      <Field
        {...field("email")}
        label={words.email}
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
        required
      />
      <Field
        {...field("password")}
        label={words.password}
        type="password"
        autoComplete="current-password"
        required
      />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}
