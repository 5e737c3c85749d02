import type { z } from "zod";
import { describeError } from "@/lib/describe-error";
import { DomainError, type ErrorDetails, type FieldIssue } from "@/lib/errors";
import { FORM_OWNER_FIELD, QUICK_AMOUNT_FIELD } from "@/lib/form-fields";
import { ERROR_TABLE } from "@/lib/http/error-table";
import { type FormDraft, ownerTag } from "@/lib/http/form-draft";
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
  /** True for a script's call, which leaves its page as it is; false for what a browser posts by itself. */
  isScript: boolean;
  memory: FormMemory;
  /** The sign-in page that leads back to this page. */
  signIn: SignInLink;
  /** The same where somebody else is signed in: says so, and keeps them signed in until another account is. */
  signInAsOther: SignInLink;
  /** Leads to another page, by throwing. */
  leaveFor(path: string): never;
  /** Throws on when `error` is Next's own: a redirect or a missing page. */
  rethrow(error: unknown): void;
}

interface SignInLink {
  path: string;
  label: string;
}

/** Keeps what was typed in this browser while its form can't be run. */
export interface FormMemory {
  keep(form: Pick<FormDraft, "form" | "owner" | "reason" | "values">): void;
  /** For a form that was run; what was typed into another one stays. */
  forget(form: string): void;
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

/** Origin, form, session, schema, verb, in this order: what fails stops what follows. */
export async function runAction<Input, Result extends object>(
  request: ActionRequest,
  options: ActionOptions<Input>,
  form: FormData,
  verb: (context: Context, input: Input) => Promise<Result>,
): Promise<ActionState<Result>> {
  let typed: Record<string, string> = {};
  try {
    if (!isOwnOrigin(request.headers, request.origin)) throw new DomainError("forbidden_origin");
    typed = withQuickAmount(readForm(form, options.fields), options.fields);
    const context = await request.context();
    if (options.auth === "user") requireOwner(context, typed[FORM_OWNER_FIELD]);
    if (QUICK_AMOUNT_FIELD in typed) return filled(request, typed, options.fields);
    const parsed = options.schema.safeParse(typed);
    if (!parsed.success) {
      throw new DomainError("validation_failed", { issues: fieldIssues(parsed.error) });
    }
    const result = await runVerb(context, { isRead: false }, () => verb(context, parsed.data));
    request.memory.forget(options.name);
    return { ok: true, ...result };
  } catch (error) {
    request.rethrow(error);
    return failure(request, options, error, typed);
  }
}

/** On a shared phone somebody else may have signed in since the form's page was opened. */
function requireOwner({ actor }: Context, formOwner = ""): void {
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  if (formOwner !== "" && formOwner !== ownerTag(actor.userId)) {
    throw new DomainError("unauthenticated", { isOtherAccounts: true });
  }
}

/** A quick amount in the amount's place. */
function withQuickAmount(typed: Record<string, string>, fields: ReadonlySet<string>): Record<string, string> {
  const amount = typed[QUICK_AMOUNT_FIELD];
  return amount !== undefined && fields.has("amount") ? { ...typed, amount } : typed;
}

/** The form as it was sent, with the quick amount in it: nothing is run. */
function filled(
  { requestId }: ActionRequest,
  typed: Record<string, string>,
  fields: ReadonlySet<string>,
): ActionFailure {
  const values = keptValues(typed, fields);
  const formKey = values.key === undefined ? {} : { formKey: values.key };
  return { ok: false, code: "filled", message: "", issues: [], values, requestId, ...formKey };
}

function failure(
  request: ActionRequest,
  { name: action, fields }: Pick<ActionOptions<unknown>, "name" | "fields">,
  error: unknown,
  typed: Record<string, string>,
): ActionFailure {
  const { requestId, translate } = request;
  const values = keptValues(typed, fields);
  const known = error instanceof DomainError ? error : new DomainError("internal");
  const { code, details } = known;
  const unexpected = known === error ? {} : { error: describeError(error) };
  log[ERROR_TABLE[code].logLevel]({ requestId, action, code, ...unexpected }, "an action was refused");
  const isSessionOver = code === "unauthenticated";
  if (isSessionOver || (code === "unavailable" && !request.isScript)) {
    const owner = typed[FORM_OWNER_FIELD] ?? "";
    request.memory.keep({ form: action, owner, reason: isSessionOver ? "session" : "unavailable", values });
  }
  const signIn = details.isOtherAccounts ? request.signInAsOther : request.signIn;
  // The page itself would redirect there, and lose the form.
  if (isSessionOver && !request.isScript) return request.leaveFor(signIn.path);
  return {
    ok: false,
    code,
    message: translate.error(code, details),
    issues: (details.issues ?? []).map((issue) => ({ field: issue.field, message: translate.field(issue) })),
    values: details.isOtherAccounts ? {} : values,
    ...(details.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: details.retryAfterSeconds }),
    requestId,
    ...(isSessionOver ? { signIn } : {}),
  };
}
