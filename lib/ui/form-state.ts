import type { ErrorCode } from "@/lib/errors";

/** The failure that a form's action answered instead of a redirect; null before the first submission. */
export type FormState = FormFailure | null;

/**
 * Why a form is shown with values although no rule of the server refused it: `kept` from before a sign-in or an update, `lost`
 * on the way, `filled` in by a quick amount. Nothing was done, and the idempotency key stays.
 */
export type FormNotice = "kept" | "lost" | "filled";

export interface FormFailure {
  ok: false;
  code: ErrorCode | FormNotice;
  message: string;
  issues: { field: string; message: string }[];
  values: Record<string, string>;
  retryAfterSeconds?: number;
  requestId: string;
  /** The idempotency key to send again; without it a refused form gets a new one. */
  formKey?: string;
  /** Where to sign in, and come back to the filled form. */
  signIn?: { path: string; label: string };
}

export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

/** The first message about a field. */
export function issueOf(failure: FormState, field: string): string | undefined {
  return failure?.issues.find((issue) => issue.field === field)?.message;
}
