"use client";

import type { ReactNode } from "react";
import { Field } from "@/lib/ui/field";
import { issueOf } from "@/lib/ui/form-state";
import { PasskeyForm } from "@/lib/ui/passkey-form.client";
import { PinField } from "@/lib/ui/pin-field";
import { addPasskey, startAddingPasskey } from "./actions";

interface AddPasskeyFormProps {
  /** What the person is asked for first. */
  secret: "pin" | "password";
  words: { secret: string; submit: string; pending: string; cancelled: string };
  /** Where no passkey can be made. */
  otherwise: ReactNode;
}

export function AddPasskeyForm({ secret, words, otherwise }: AddPasskeyFormProps) {
  return (
    <PasskeyForm
      name="add-passkey"
      passkey={{ kind: "create", start: startAddingPasskey }}
      finish={addPasskey}
      fields={["secret"]}
      words={words}
      variant="primary"
      otherwise={otherwise}
    >
      {(failure) =>
        secret === "pin" ? (
          <PinField name="secret" label={words.secret} error={issueOf(failure, "secret")} />
        ) : (
          <Field
            name="secret"
            type="password"
            label={words.secret}
            autoComplete="current-password"
            required
            error={issueOf(failure, "secret")}
          />
        )
      }
    </PasskeyForm>
  );
}
