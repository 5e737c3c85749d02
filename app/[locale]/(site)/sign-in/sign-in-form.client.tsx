"use client";

import { ActionForm } from "@/lib/ui/action-form.client";
import { Field } from "@/lib/ui/field";
import { emailCheck, identifierCheck } from "@/lib/ui/field-checks";
import type { FormState } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { useCheckedFields } from "@/lib/ui/use-checked-fields";
import { signIn } from "./actions";

const FIELDS = ["identifier", "password"] as const;

interface SignInFormProps {
  /** Where to go afterwards: a path without language. */
  next: string | null;
  /** The country that numbers without a calling code belong to. */
  phoneCountry: string;
  /** False in a deployment without an SMS channel. */
  byPhone: boolean;
  words: {
    identifier: string;
    identifierHint: string;
    identifierInvalid: string;
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
      hidden={{ phoneCountry: props.phoneCountry, ...(props.next !== null && { next: props.next }) }}
    >
      {(failure) => <SignInFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function SignInFields({ words, byPhone, failure }: SignInFormProps & { failure: FormState }) {
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    checks: { identifier: (byPhone ? identifierCheck : emailCheck)(words.identifierInvalid) },
  });
  return (
    <>
      <Field
        {...field("identifier")}
        label={words.identifier}
        {...(byPhone ? { type: "text", hint: words.identifierHint } : { type: "email" })}
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
