"use client";

import { useActionState } from "react";
import { looksLikePhone, useCheckedFields } from "@/lib/ui/checked-fields";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { Field } from "@/lib/ui/field";
import type { FormFailure } from "@/lib/ui/form-state";
import { PhoneField } from "@/lib/ui/phone-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { saveProfile } from "./actions";

const FIELDS = ["firstName", "lastName", "phone"] as const;

interface ProfileFormProps {
  profile: { firstName: string; lastName: string; phone: string };
  words: {
    firstName: string;
    nameRequired: string;
    lastName: string;
    optional: string;
    phone: string;
    phoneHint: string;
    phoneInvalid: string;
    submit: string;
    pending: string;
  };
}

export function ProfileForm(props: ProfileFormProps) {
  const [state, submit] = useActionState(saveProfile, null);
  const failure = state?.ok === false ? state : null;
  return (
    <form action={submit} noValidate>
      <ProfileFields key={failure?.requestId} {...props} failure={failure} />
    </form>
  );
}

function ProfileFields({ profile, words, failure }: ProfileFormProps & { failure: FormFailure | null }) {
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    defaults: profile,
    checks: {
      firstName: (typed) => (typed.trim() === "" ? words.nameRequired : undefined),
      phone: (typed) => (looksLikePhone(typed) ? undefined : words.phoneInvalid),
    },
  });
  return (
    <>
      <FailureSummary failure={failure} fields={FIELDS} />
      <Field {...field("firstName")} label={words.firstName} autoComplete="given-name" required />
      <Field
        {...field("lastName")}
        label={words.lastName}
        optional={words.optional}
        autoComplete="family-name"
      />
      <PhoneField {...field("phone")} label={words.phone} hint={words.phoneHint} optional={words.optional} />
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}
