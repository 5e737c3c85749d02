import type { ErrorCode } from "@/lib/errors";

/** The failure that a form's action answered instead of a redirect; null before the first submission. */
export type FormState = FormFailure | null;

export interface FormFailure {
  ok: false;
  code: ErrorCode;
  message: string;
  issues: { field: string; message: string }[];
  values: Record<string, string>;
  retryAfterSeconds?: number;
  requestId: string;
}

export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

/** The first message about a field. */
export function issueOf(failure: FormState, field: string): string | undefined {
  return failure?.issues.find((issue) => issue.field === field)?.message;
}
