"use client";

import { ActionForm } from "@/lib/ui/action-form.client";
import { Field } from "@/lib/ui/field";
import { emailCheck, filledCheck, phoneCheck } from "@/lib/ui/field-checks";
import type { FormState } from "@/lib/ui/form-state";
import { HomePhoneFields } from "@/lib/ui/phone-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { useCheckedFields } from "@/lib/ui/use-checked-fields";
import { signUp } from "./actions";

interface SignUpFormProps {
  /** Where to go afterwards: a path without language. */
  next: string | null;
  passwordLengthMin: number;
  /** True where a number is enough: it is verified by SMS. */
  byPhone: boolean;
  /** The country of a number that is typed without one, and those to choose from. */
  country: string;
  countries: readonly { value: string; label: string }[];
  words: {
    firstName: string;
    nameRequired: string;
    lastName: string;
    optional: string;
    email: string;
    emailHint: string;
    emailInvalid: string;
    country: string;
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

const FIELDS = ["firstName", "lastName", "phoneCountry", "phone", "email", "password"] as const;

export function SignUpForm(props: SignUpFormProps) {
  return (
    <ActionForm
      name="sign-up"
      action={signUp}
      fields={FIELDS}
      hidden={props.next === null ? {} : { next: props.next }}
    >
      {(failure) => <SignUpFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function SignUpFields({
  failure,
  words,
  byPhone,
  passwordLengthMin,
  country,
  countries,
}: SignUpFormProps & { failure: FormState }) {
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    defaults: { phoneCountry: country },
    checks: {
      firstName: filledCheck(words.nameRequired),
      email: emailCheck(words.emailInvalid),
      phone: phoneCheck(words.phoneInvalid),
      password: (typed) => (typed.length < passwordLengthMin ? words.passwordTooShort : undefined),
    },
  });
  return (
    <>
      <Field {...field("firstName")} label={words.firstName} autoComplete="given-name" required />
      <Field
        {...field("lastName")}
        label={words.lastName}
        optional={words.optional}
        autoComplete="family-name"
      />
      <HomePhoneFields
        country={field("phoneCountry")}
        phone={field("phone")}
        options={countries}
        words={byPhone ? { country: words.country, phone: words.phone, phoneHint: words.phoneHint } : words}
      />
      <Field
        {...field("email")}
        label={words.email}
        {...(byPhone ? { hint: words.emailHint } : { required: true })}
        type="email"
        autoComplete={byPhone ? "email" : "username"}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
      />
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
