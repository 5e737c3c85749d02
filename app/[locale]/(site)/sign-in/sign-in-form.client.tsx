"use client";

import { ActionForm } from "@/lib/ui/action-form.client";
import { Field } from "@/lib/ui/field";
import { emailCheck } from "@/lib/ui/field-checks";
import type { FormState } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { useCheckedFields } from "@/lib/ui/use-checked-fields";
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
  return (
    <ActionForm
      name="sign-in"
      action={signIn}
      fields={FIELDS}
      hidden={props.next === null ? {} : { next: props.next }}
    >
      {(failure) => <SignInFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function SignInFields({ words, failure }: SignInFormProps & { failure: FormState }) {
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    checks: { email: emailCheck(words.emailInvalid) },
  });
  return (
    <>
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
