import type { ErrorCode } from "@/lib/errors";

/** A failed action's state for its form. Messages are in the page's language already. */
export interface ActionFailure {
  ok: false;
  code: ErrorCode;
  message: string;
  /** One for each wrong field, in the form's order of checks. */
  issues: { field: string; message: string }[];
  /** What was typed, by field, without passwords and PINs. */
  values: Record<string, string>;
  retryAfterSeconds?: number;
  /** For people who ask for help. */
  requestId: string;
}

export type ActionSuccess<Result> = { ok: true } & Result;

/** The state of `useActionState`; null before the first try. */
export type ActionState<Result = unknown> = ActionSuccess<Result> | ActionFailure | null;

export type ServerAction<Result> = (
  previous: ActionState<Result>,
  form: FormData,
) => Promise<ActionState<Result>>;
