import { ErrorSummary } from "./error-summary";
import type { FormState } from "./form-state";

interface FailureSummaryProps {
  failure: FormState;
  /** The form's fields from top to bottom. */
  fields: readonly string[];
  /** Prefix of the fields' ids. */
  idPrefix?: string;
}

/** The errors of a form's failure, in the order of its fields. */
export function FailureSummary({ failure, fields, idPrefix = "" }: FailureSummaryProps) {
  if (!failure || failure.code === "filled") return null;
  const errors = [...failure.issues]
    .sort((one, other) => fields.indexOf(one.field) - fields.indexOf(other.field))
    .map(({ field, message }) => ({ fieldId: idPrefix + field, message }));
  const { code, message, signIn } = failure;
  return (
    <ErrorSummary
      heading={message}
      errors={errors}
      isNotice={code === "kept"}
      {...(signIn && { link: signIn })}
    />
  );
}
