import { DomainError } from "@/lib/errors";
import type { ApiPermission } from "@/lib/services/api-access/keys/schema";
import type { Actor } from "@/lib/services/context";
import type { Access } from "./define-call";
import type { ApiLimits } from "./limits";

type Person = Extract<Actor, { kind: "user" }>;
type Key = Extract<Actor, { kind: "api_key" }>;

/** Who holds a valid credential. Both throw `unauthenticated` for any other, whatever is wrong with it. */
export interface CredentialChecks {
  accessToken(token: string): Promise<Person>;
  apiKey(key: string): Promise<{ actor: Key; permissions: readonly ApiPermission[] }>;
}

const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * Who asks, and whether they may. Of the credentials that are sent, a bearer token goes before a key, whether it is good or not: who
 * names a person must not act as another one. Any other Authorization header, such as a proxy's Basic, counts for nothing. Throws `unauthenticated`,
 * `permission_missing`, `rate_limited`.
 */
export async function authorize(
  headers: Headers,
  access: Access,
  networks: readonly string[],
  { checks, limits }: { checks: CredentialChecks; limits: ApiLimits },
): Promise<Actor> {
  if (access === "anyone") return { kind: "anonymous" };
  try {
    return await check(headers, access, checks, limits);
  } catch (error) {
    const isRefused = error instanceof DomainError && error.code === "unauthenticated";
    // A caller who guesses has to wait; a valid credential from the same address goes on working, since many people share
    // one. Guessing 192 bits is hopeless at any speed: this keeps logs and look-ups few.
    if (isRefused) await limits.takeNetwork("refused", networks);
    throw error;
  }
}

async function check(
  headers: Headers,
  access: Exclude<Access, "anyone">,
  checks: CredentialChecks,
  limits: ApiLimits,
): Promise<Actor> {
  const token = BEARER.exec(headers.get("authorization") ?? "")?.[1];
  if (token !== undefined) {
    const person = await checks.accessToken(token);
    await limits.take("account", person.userId.toString());
    return person;
  }
  const key = headers.get("x-api-key") ?? "";
  if (key === "") throw new DomainError("unauthenticated");
  // Keys can't do what only a person may: manage keys, end sessions.
  if (access === "person") throw new DomainError("unauthenticated", { credential: "api_key_for_person" });
  const { actor, permissions } = await checks.apiKey(key);
  await limits.take("key", actor.keyId.toString());
  await limits.take("account", actor.userId.toString());
  const { permission } = access;
  if (!permissions.includes(permission)) throw new DomainError("permission_missing", { permission });
  return actor;
}
