import type { ErrorCode } from "@/lib/errors";

/** What a form whose action leads elsewhere was answered when it didn't; null before the first try. */
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
