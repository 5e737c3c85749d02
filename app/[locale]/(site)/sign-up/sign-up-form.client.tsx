"use client";

import { useActionState } from "react";
import { looksLikeEmail, looksLikePhone, useCheckedFields } from "@/lib/ui/checked-fields";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { Field } from "@/lib/ui/field";
import type { FormFailure } from "@/lib/ui/form-state";
import { PhoneField } from "@/lib/ui/phone-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { signUp } from "./actions";

interface SignUpFormProps {
  /** Where to go afterwards: a path without language. */
  next: string | null;
  passwordLengthMin: number;
  words: {
    firstName: string;
    nameRequired: string;
    lastName: string;
    optional: string;
    email: string;
    emailInvalid: string;
    phone: string;
    phoneHint: string;
    phoneInvalid: string;
    password: string;
    passwordHint: string;
    passwordTooShort: string;
    submit: string;
    pending: string;
  };
}

const FIELDS = ["firstName", "lastName", "email", "phone", "password"] as const;

export function SignUpForm(props: SignUpFormProps) {
  const [state, submit] = useActionState(signUp, null);
  const failure = state?.ok === false ? state : null;
  return (
    <form action={submit} noValidate>
      <SignUpFields key={failure?.requestId} {...props} failure={failure} />
    </form>
  );
}

function SignUpFields({ failure, ...props }: SignUpFormProps & { failure: FormFailure | null }) {
  const { next, words, passwordLengthMin } = props;
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    checks: {
      firstName: (typed) => (typed.trim() === "" ? words.nameRequired : undefined),
      email: (typed) => (looksLikeEmail(typed) ? undefined : words.emailInvalid),
      phone: (typed) => (looksLikePhone(typed) ? undefined : words.phoneInvalid),
      password: (typed) => (typed.length < passwordLengthMin ? words.passwordTooShort : undefined),
    },
  });
  return (
    <>
      <FailureSummary failure={failure} fields={FIELDS} />
      {next !== null && <input type="hidden" name="next" value={next} />}
      <Field {...field("firstName")} label={words.firstName} autoComplete="given-name" required />
      <Field
        {...field("lastName")}
        label={words.lastName}
        optional={words.optional}
        autoComplete="family-name"
      />
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
      <PhoneField {...field("phone")} label={words.phone} hint={words.phoneHint} optional={words.optional} />
      <Field
        {...field("password")}
        label={words.password}
        hint={words.passwordHint}
        type="password"
        autoComplete="new-password"
        required
      />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}
