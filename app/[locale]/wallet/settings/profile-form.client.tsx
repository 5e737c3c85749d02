"use client";

import { ActionForm } from "@/lib/ui/action-form.client";
import { Field } from "@/lib/ui/field";
import { filledCheck, phoneCheck } from "@/lib/ui/field-checks";
import type { FormState } from "@/lib/ui/form-state";
import { HomePhoneFields } from "@/lib/ui/phone-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { useCheckedFields } from "@/lib/ui/use-checked-fields";
import { saveProfile } from "./actions";

const FIELDS = ["firstName", "lastName", "phoneCountry", "phone"] as const;

interface ProfileFormProps {
  /** False where numbers are verified: they stand beside the profile then. */
  hasPhone: boolean;
  profile: { firstName: string; lastName: string; phone: string; phoneCountry: string };
  /** The countries to choose from for the number. */
  countries: readonly { value: string; label: string }[];
  words: {
    firstName: string;
    nameRequired: string;
    lastName: string;
    optional: string;
    country: string;
    phone: string;
    phoneHint: string;
    phoneInvalid: string;
    submit: string;
    pending: string;
  };
}

export function ProfileForm(props: ProfileFormProps) {
  return (
    <ActionForm name="save-profile" action={saveProfile} fields={FIELDS}>
      {(failure) => <ProfileFields {...props} failure={failure} />}
    </ActionForm>
  );
}

function ProfileFields({
  hasPhone,
  profile,
  countries,
  words,
  failure,
}: ProfileFormProps & { failure: FormState }) {
  const field = useCheckedFields<(typeof FIELDS)[number]>({
    failure,
    defaults: profile,
    checks: {
      firstName: filledCheck(words.nameRequired),
      phone: phoneCheck(words.phoneInvalid),
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
      {hasPhone && (
        <HomePhoneFields
          country={field("phoneCountry")}
          phone={field("phone")}
          options={countries}
          words={words}
        />
      )}
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}
