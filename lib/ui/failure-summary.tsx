import { ErrorSummary } from "./error-summary";
import type { FormState } from "./form-state";

interface FailureSummaryProps {
  failure: FormState;
  /** The form's fields from top to bottom: what was refused is listed in this order. */
  fields: readonly string[];
  /** In front of the fields' ids. */
  idPrefix?: string;
}

/** What a form's action refused: its sentence, and a link to each wrong field. */
export function FailureSummary({ failure, fields, idPrefix = "" }: FailureSummaryProps) {
  if (!failure) return null;
  const errors = [...failure.issues]
    .sort((one, other) => fields.indexOf(one.field) - fields.indexOf(other.field))
    .map(({ field, message }) => ({ fieldId: idPrefix + field, message }));
  return <ErrorSummary heading={failure.message} errors={errors} />;
}
