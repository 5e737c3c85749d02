import { headers as nextHeaders } from "next/headers";
import { redirect, unstable_rethrow } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { currentUser } from "@/lib/auth/current-user";
import { config } from "@/lib/config";
import { requireDatabase } from "@/lib/http/first-query";
import { pageAddress } from "@/lib/http/form-draft";
import { contextOf } from "@/lib/http/request-context";
import { markActionEnded, markActionReached } from "@/lib/http/response-status";
import { currentPath } from "@/lib/i18n/current-path";
import { localizedPath } from "@/lib/i18n/href";
import type { Context } from "@/lib/services/context";
import type { ServerAction } from "./action-state";
import { actionTranslator } from "./action-translator";
import { actorOf } from "./current-context";
import { currentFormMemory } from "./form-memory";
import { withNext } from "./next-path";
import { type ActionRequest, runAction } from "./run-action";

export interface ActionDefinition<Shape extends z.core.$ZodLooseShape> {
  /** Names the action in the logs. */
  name: string;
  /** `user`: nothing runs without a session that still works. */
  auth: "user" | "public";
  /** The form's fields, all text, by their names. Messages are keys below `fields.`. */
  schema: z.ZodObject<Shape>;
}

/** The schema of a form that only has a button. */
export const noFields = z.object({});

async function currentRequest(name: string): Promise<ActionRequest> {
  const headers = new Headers(await nextHeaders());
  const { baseUrl, mode } = config();
  const anonymous = contextOf(headers, { kind: "anonymous" });
  const [locale, path, words, memory] = await Promise.all([
    getLocale(),
    currentPath(),
    getTranslations("form"),
    currentFormMemory(),
  ]);
  const signInPath = withNext(localizedPath(locale, "/sign-in"), pageAddress(path));
  return {
    headers,
    origin: { baseUrl, isDemo: mode === "demo" },
    requestId: anonymous.requestId,
    context: async () => {
      const user = await currentUser();
      if (user === null) await requireDatabase();
      return { ...anonymous, actor: actorOf(user) };
    },
    translate: await actionTranslator(),
    isScript: headers.has("next-action"),
    memory,
    signIn: { path: signInPath, label: words("signInAgain") },
    signInAsOther: { path: `${signInPath}&otherAccount=1`, label: words("signInAsOther") },
    leaveFor: (page) => redirect(page),
    rethrow: (error) => rethrowControlFlow(error, () => memory.forget(name)),
  };
}

/** A form whose verb led to another page was run. */
function rethrowControlFlow(error: unknown, forget: () => void): void {
  try {
    unstable_rethrow(error);
  } catch (controlFlow) {
    forget();
    throw controlFlow;
  }
}

/**
 * A server action for `useActionState` that guards itself: origin, session, fields, then `verb`. What the verb answers
 * becomes `{ ok: true, … }`; a redirect from it is a 303; a DomainError becomes a translated failure that keeps what
 * was typed; anything else is logged and answered as `internal`.
 */
export function defineAction<Shape extends z.core.$ZodLooseShape, Result extends object>(
  { name, auth, schema }: ActionDefinition<Shape>,
  verb: (context: Context, input: z.output<z.ZodObject<Shape>>) => Promise<Result>,
): ServerAction<Result> {
  const options = { name, auth, schema, fields: new Set(Object.keys(schema.shape)) };
  return async (_previous, form) => {
    markActionReached();
    const state = await runAction(await currentRequest(name), options, form, verb);
    markActionEnded();
    return state;
  };
}
