import { ErrorSummary } from "./error-summary";
import type { FormFailure } from "./form-state";

/** What a form's action refused: its sentence, and a link to each wrong field. */
export function FailureSummary({ failure }: { failure: FormFailure | null }) {
  if (!failure) return null;
  const errors = failure.issues.map(({ field, message }) => ({ fieldId: field, message }));
  return <ErrorSummary heading={failure.message} errors={errors} />;
}
