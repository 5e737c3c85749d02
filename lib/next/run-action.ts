import type { z } from "zod";
import { describeError } from "@/lib/describe-error";
import { DomainError, type ErrorDetails, type FieldIssue } from "@/lib/errors";
import { ERROR_TABLE } from "@/lib/http/error-table";
import { isOwnOrigin, type OriginSettings } from "@/lib/http/origin-guard";
import { runVerb } from "@/lib/http/request-context";
import { fieldIssues } from "@/lib/http/zod-issues";
import { log } from "@/lib/log";
import type { Context } from "@/lib/services/context";
import type { ActionFailure, ActionState } from "./action-state";
import { keptValues, readForm } from "./read-form";

/** What an action needs of the request, so that it runs in tests without Next. */
export interface ActionRequest {
  headers: Headers;
  origin: OriginSettings;
  requestId: string;
  /** Looks the session up; called only after the origin was found to be ours. */
  context(): Promise<Context>;
  translate: ActionTranslator;
  /** Throws on when `error` is Next's own: a redirect or a missing page. */
  rethrow(error: unknown): void;
}

export interface ActionTranslator {
  error(code: DomainError["code"], details: ErrorDetails): string;
  field(issue: FieldIssue): string;
}

export interface ActionOptions<Input> {
  /** Names the action in the logs. */
  name: string;
  auth: "user" | "public";
  schema: z.ZodType<Input>;
  /** The names of the form's fields. */
  fields: ReadonlySet<string>;
}

/** Origin, session, form, schema, verb, in this order: what fails stops what follows. */
export async function runAction<Input, Result extends object>(
  request: ActionRequest,
  options: ActionOptions<Input>,
  form: FormData,
  verb: (context: Context, input: Input) => Promise<Result>,
): Promise<ActionState<Result>> {
  let values: Record<string, string> = {};
  try {
    if (!isOwnOrigin(request.headers, request.origin)) throw new DomainError("forbidden_origin");
    const context = await request.context();
    const typed = readForm(form, options.fields);
    values = keptValues(typed, options.fields);
    if (options.auth === "user" && context.actor.kind !== "user") throw new DomainError("unauthenticated");
    const parsed = options.schema.safeParse(typed);
    if (!parsed.success) {
      throw new DomainError("validation_failed", { issues: fieldIssues(parsed.error) });
    }
    const result = await runVerb(context, { isRead: false }, () => verb(context, parsed.data));
    return { ok: true, ...result };
  } catch (error) {
    request.rethrow(error);
    return failure(request, options.name, error, values);
  }
}

function failure(
  request: ActionRequest,
  action: string,
  error: unknown,
  values: Record<string, string>,
): ActionFailure {
  const { requestId, translate } = request;
  const known = error instanceof DomainError ? error : new DomainError("internal");
  const { code, details } = known;
  const unexpected = known === error ? {} : { error: describeError(error) };
  log[ERROR_TABLE[code].logLevel]({ requestId, action, code, ...unexpected }, "an action was refused");
  return {
    ok: false,
    code,
    message: translate.error(code, details),
    issues: (details.issues ?? []).map((issue) => ({ field: issue.field, message: translate.field(issue) })),
    values,
    ...(details.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: details.retryAfterSeconds }),
    requestId,
  };
}
