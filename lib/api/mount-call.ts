import { z } from "zod";
import { type Database, trackCommits } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { networksFromHeaders } from "@/lib/http/client-address";
import { defineRoute, type RouteHandler, type RouteRequest } from "@/lib/http/define-route";
import { fileResponse } from "@/lib/http/file-response";
import { runVerb } from "@/lib/http/request-context";
import { fieldIssues } from "@/lib/http/zod-issues";
import type { Context } from "@/lib/services/context";
import { isIdempotencyKey } from "@/lib/services/idempotency/key";
import { paramsOf, pathOf } from "./call-path";
import { authorize, type CredentialChecks } from "./credential";
import type { ApiCall, CallAnswer } from "./define-call";
import type { ApiLimits } from "./limits";
import { readJson } from "./read-json";

/** What the calls need from outside; tests pass their own. */
export interface ApiDependencies {
  database: () => Database;
  checks: CredentialChecks;
  limits: ApiLimits;
  /** The address that people reach us by, without a slash at the end. */
  baseUrl: string;
  /** Throws `unavailable` soon when the database is away; without it a call finds out by itself. */
  requireDatabase?: (db: Database) => Promise<void>;
  /** The time of each request; by default this machine's. */
  now?: () => Date;
  /** For tests: sees every answer of a call, and throws where it isn't as documented. */
  inspect?: (call: ApiCall, answer: Response) => Promise<void>;
}

const NO_QUERY = z.object({});
const NO_STORE = { "cache-control": "no-store" };

/** One call as a plain handler: address, credential, path, query, key, body, in this order; what fails stops what follows. */
export function mountCall(call: ApiCall, dependencies: ApiDependencies): RouteHandler {
  const options = {
    name: `${call.method} ${call.path}`,
    ...(call.bodyBytesMax === undefined ? {} : { bodyBytesMax: call.bodyBytesMax }),
  };
  return defineRoute(options, async (incoming) => {
    const { request, requestId } = incoming;
    const { limits, database, requireDatabase, now = () => new Date() } = dependencies;
    const networks = networksFromHeaders(request.headers);
    await limits.takeNetwork("address", networks);
    await requireDatabase?.(database());
    const anonymous: Context = {
      actor: { kind: "anonymous" },
      requestId,
      db: trackCommits(database()),
      now: now(),
    };
    const actor = await runVerb(anonymous, { isRead: true }, () =>
      authorize(request.headers, call.access, networks, dependencies),
    );
    const context = { ...anonymous, actor };
    const parts = {
      context,
      params: parse(call.params, paramsOf(call.path, pathOf(request.url))),
      query: parse(strictQuery(call), firstValues(new URL(request.url).searchParams)),
      key: call.idempotent ? idempotencyKey(request.headers) : null,
      body: await bodyOf(call, incoming),
      request,
    };
    if (call.transfersIn && "userId" in actor) {
      await limits.take("transfers", actor.userId.toString(), call.transfersIn(parts.body as never));
    }
    const isRead = call.method === "GET" && !call.hasEffects;
    const handle = () => runVerb(context, { isRead }, () => call.handle(parts));
    return responseOf(await (call.access === "anyone" ? guarded(limits, networks, handle) : handle()));
  });
}

/** Tokens and codes can be guessed at calls without a credential: an address that was refused too often is refused at once. */
async function guarded<T>(
  limits: ApiLimits,
  networks: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  await limits.lookAtNetwork("refused", networks);
  try {
    return await work();
  } catch (error) {
    const code = error instanceof DomainError ? error.code : null;
    if (code === "unauthenticated" || code === "sign_in_failed")
      await limits.takeNetwork("refused", networks);
    throw error;
  }
}

function responseOf({ status = 200, body, headers = {}, file }: CallAnswer): Response {
  if (file !== undefined) return fileResponse(file.body, file);
  const all = { ...NO_STORE, ...headers };
  return body === undefined
    ? new Response(null, { status, headers: all })
    : Response.json(body, { status, headers: all });
}

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new DomainError("validation_failed", { issues: fieldIssues(result.error) });
}

/** An unknown name is refused: `curency` must not mean the default currency. A schema that takes any name says so. */
function strictQuery({ query = NO_QUERY }: ApiCall): z.ZodType {
  return query.def.catchall === undefined ? query.strict() : query;
}

async function bodyOf(call: ApiCall, { bytes, request }: RouteRequest): Promise<unknown> {
  if (call.body === undefined) return undefined;
  const raw = await bytes();
  if (raw.byteLength === 0 && call.bodyOptional) return parse(call.body, {});
  requireJson(request.headers);
  return parse(call.body, readJson(raw));
}

const JSON_TYPE = /^application\/(?:[a-z0-9.-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/i;

/** A body without a Content-Type is read as JSON; one that says that it is something else is not. */
function requireJson(headers: Headers): void {
  const type = headers.get("content-type");
  const encoding = headers.get("content-encoding") ?? "identity";
  if ((type === null || JSON_TYPE.test(type.trim())) && /^identity$/i.test(encoding.trim())) return;
  throw new DomainError("unsupported_media_type");
}

function firstValues(params: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...params.keys()].map((name) => [name, params.get(name) ?? ""]));
}

function idempotencyKey(headers: Headers): string | null {
  const key = headers.get("idempotency-key");
  if (key === null) return null;
  if (isIdempotencyKey(key)) return key;
  throw new DomainError("validation_failed", {
    issues: [{ field: "Idempotency-Key", reason: "wrong_format" }],
  });
}
