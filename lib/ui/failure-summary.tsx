import { ErrorSummary } from "./error-summary";
import type { FormState } from "./form-state";

interface FailureSummaryProps {
  failure: FormState;
  /** The form's fields from top to bottom: what was refused is listed in this order. */
  fields: readonly string[];
}

/** What a form's action refused: its sentence, and a link to each wrong field. */
export function FailureSummary({ failure, fields }: FailureSummaryProps) {
  if (!failure) return null;
  const errors = failure.issues
    .map(({ field, message }) => ({ fieldId: field, message }))
    .sort((one, other) => fields.indexOf(one.fieldId) - fields.indexOf(other.fieldId));
  return <ErrorSummary heading={failure.message} errors={errors} />;
}
