import { newKey } from "@/lib/ids";
import type { ApiPermission } from "@/lib/services/api-access/keys/schema";
import { NONEXISTENT, type ObjectIds, type ObjectKind, type Person } from "../requests/person";

/**
 * `person`: a signed-in user. `self-authenticating`: whoever authenticates by the request itself, such as a provider by its
 * signature. `missing`: nobody, the endpoint must answer as if it didn't exist.
 */
export type Rule = "anyone" | "person" | "self-authenticating" | "missing" | { permission: ApiPermission };

/** Whom a request is made for. */
export interface RequestContext {
  /** Ids of the objects that it names. */
  ids: ObjectIds;
  /** Who sends it; null if it will be refused. */
  actor: Person | null;
  /** The wallet number of a recipient. */
  payee: string;
  /** The token of a new link that stops the recipient's money. */
  alarm(): Promise<string>;
}

/** The value of a field, a parameter or a property: an id of a user's object, or what a valid request has there. */
export type Value =
  | string
  | number
  | boolean
  | readonly string[]
  | { id: ObjectKind }
  | ((context: RequestContext) => unknown);

export type Values = Readonly<Record<string, Value>>;

/** A request with such a value names a user's object: then only that user may send it. */
export function namesObject(...all: (Values | undefined)[]): boolean {
  return all.some((values) => Object.values(values ?? {}).some(isId));
}

const isId = (value: Value | undefined): value is { id: ObjectKind } =>
  typeof value === "object" && "id" in value;

/** The values of one request. */
export async function resolveValues(
  values: Values | undefined,
  context: RequestContext,
): Promise<Record<string, unknown>> {
  const resolved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values ?? {})) {
    if (isId(value)) resolved[name] = await context.ids[value.id]();
    // A copy: fuzzing changes what it is given.
    else resolved[name] = typeof value === "function" ? await value(context) : structuredClone(value);
  }
  return resolved;
}

/** A new idempotency key. */
export const freshKey: Value = () => newKey();
export const payee: Value = (context) => context.payee;
export const PHONE = "+22671222333";

/** For requests that will be refused. */
export const NOBODY: RequestContext = {
  ids: NONEXISTENT,
  actor: null,
  payee: "1234567890128",
  alarm: async () => "A".repeat(22),
};
