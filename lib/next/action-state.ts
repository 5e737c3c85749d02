import type { ErrorCode } from "@/lib/errors";

/** A failed action's state for its form. Messages are in the page's language already. */
export interface ActionFailure {
  ok: false;
  /** `filled`: a quick amount was filled in, and nothing was run. */
  code: ErrorCode | "filled";
  message: string;
  /** One for each wrong field, in the form's order of checks. */
  issues: { field: string; message: string }[];
  /** What was typed, by field, without passwords and PINs. */
  values: Record<string, string>;
  retryAfterSeconds?: number;
  /** For people who ask for help. */
  requestId: string;
  /** The idempotency key to send again: nothing was run. */
  formKey?: string;
  /** Where to sign in, and come back to the filled form. */
  signIn?: { path: string; label: string };
}

export type ActionSuccess<Result> = { ok: true } & Result;

/** The state of `useActionState`; null before the first try. */
export type ActionState<Result = unknown> = ActionSuccess<Result> | ActionFailure | null;

/** The state before is never read: a form says everything itself. */
export type ServerAction<Result> = (previous: unknown, form: FormData) => Promise<ActionState<Result>>;
