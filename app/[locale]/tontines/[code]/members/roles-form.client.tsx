"use client";

import { ActionForm } from "@/lib/ui/action-form.client";
import { CheckRow, type RowCheck } from "@/lib/ui/check-row";
import { type FormAction, issueOf } from "@/lib/ui/form-state";
import { SubmitButton } from "@/lib/ui/submit-button.client";

interface RolesFormProps {
  action: FormAction;
  hidden: Readonly<Record<string, string>>;
  legend: string;
  note: string;
  roles: readonly RowCheck[];
  submit: string;
  pending: string;
}

/** A member's offices. */
export function RolesForm({ action, hidden, legend, note, roles, submit, pending }: RolesFormProps) {
  return (
    <ActionForm name="set-roles" action={action} hidden={hidden} fields={["roles"]}>
      {(failure) => (
        <>
          <CheckRow
            legend={legend}
            note={issueOf(failure, "roles") ?? note}
            checks={roles.map((role) => ({
              ...role,
              checked: failure ? failure.values[role.name] === "on" : role.checked,
            }))}
          />
          <SubmitButton variant="secondary" wide pendingLabel={pending}>
            {submit}
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
