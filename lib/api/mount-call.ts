import type { z } from "zod";
import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Actor, Context } from "@/lib/services/context";
import { defineRoute, type RouteHandler, type RouteRequest } from "@/lib/web/define-route";
import { fieldIssues } from "@/lib/web/zod-issues";
import { authorize, type CredentialChecks } from "./credential";
import type { ApiCall, CallAnswer } from "./define-call";
import type { ApiLimits } from "./limits";
import { readJson } from "./read-json";

/** What the calls need of whoever mounts them. */
export interface ApiDependencies {
  database: () => Database;
  checks: CredentialChecks;
  limits: ApiLimits;
  /** The address that people reach us by, without a slash at the end. */
  baseUrl: string;
  /** For tests: sees every answer of a call, and throws where it isn't as documented. */
  inspect?: (call: ApiCall, answer: Response) => Promise<void>;
}

/** What our server writes; see lib/auth/client-address.ts. */
const ADDRESS_HEADER = "x-cauris-address";
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const NO_STORE = { "cache-control": "no-store" };

/** One call as a plain handler: address, credential, path, query, key, body, in this order; what fails stops what follows. */
export function mountCall(call: ApiCall, dependencies: ApiDependencies): RouteHandler {
  const options = {
    name: `${call.method} ${call.path}`,
    ...(call.bodyBytesMax === undefined ? {} : { bodyBytesMax: call.bodyBytesMax }),
  };
  return defineRoute(options, async (incoming) => {
    const { request, requestId } = incoming;
    const address = request.headers.get(ADDRESS_HEADER) ?? "";
    await dependencies.limits.take("address", address);
    const actor = await authorize(request.headers, call.access, address, dependencies);
    const url = new URL(request.url);
    const answer = await call.handle({
      context: contextOf(actor, requestId, dependencies),
      params: parse(call.params, paramsOf(call.path, url.pathname)),
      query: parse(call.query, firstValues(url.searchParams)),
      key: call.idempotent ? idempotencyKey(request.headers) : null,
      body: await bodyOf(call, incoming),
      request,
    });
    return responseOf(answer);
  });
}

function contextOf(actor: Actor, requestId: string, { database }: ApiDependencies): Context {
  return { actor, requestId, db: database(), now: new Date() };
}

function responseOf({ status = 200, body, headers = {} }: CallAnswer): Response {
  const all = { ...NO_STORE, ...headers };
  return body === undefined
    ? new Response(null, { status, headers: all })
    : Response.json(body, { status, headers: all });
}

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DomainError("validation_failed", { issues: fieldIssues(result.error) });
}

async function bodyOf(call: ApiCall, { bytes }: RouteRequest): Promise<unknown> {
  if (call.body === undefined) return undefined;
  const raw = await bytes();
  if (raw.byteLength === 0 && call.bodyOptional) return parse(call.body, {});
  return parse(call.body, readJson(raw));
}

/** `{reference}` in the call's path, as text. */
function paramsOf(template: string, path: string): Record<string, string> {
  const given = path.split("/");
  const params = template.split("/").flatMap((part, index) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [[name, safeDecode(given[index] ?? "")]];
  });
  return Object.fromEntries(params);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DomainError("not_found");
  }
}

function firstValues(params: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...params.keys()].map((name) => [name, params.get(name) ?? ""]));
}

function idempotencyKey(headers: Headers): string | null {
  const key = headers.get("idempotency-key");
  if (key === null) return null;
  if (IDEMPOTENCY_KEY.test(key)) return key;
  throw new DomainError("validation_failed", { issues: [{ field: "Idempotency-Key", reason: "invalid" }] });
}
