import type { z } from "zod";
import type { ErrorCode } from "@/lib/errors";
import type { RouteHandler } from "@/lib/http/define-route";
import type { DownloadedFile } from "@/lib/http/file-response";
import type { ApiPermission } from "@/lib/services/api-access/keys/schema";
import type { Context } from "@/lib/services/context";

/** Who may call: anybody, a person with an access token, or a person or an API key with this permission. */
export type Access = "anyone" | "person" | { permission: ApiPermission };

export interface CallAnswer {
  /** 200 unless said. */
  status?: number;
  /** JSON, presented already; undefined for an empty answer. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Instead of a body: a file of one of the call's `fileTypes`, made while it is read. */
  file?: { body: ReadableStream<Uint8Array> } & DownloadedFile;
}

/** A request whose parts were parsed by the schemas of its call. */
export interface CallRequest<Params, Query, Body> {
  /** Who asks (`anonymous` where anyone may), the database, the request's id. */
  context: Context;
  params: Params;
  query: Query;
  body: Body;
  /** The Idempotency-Key header of a call that takes one; null when there is none. */
  key: string | null;
  request: Request;
}

/** The call that commonly follows an answer, and what of the answer goes into its path or query. */
export interface CallLink {
  method: "GET" | "POST";
  path: string;
  /** The next call's parameters, by names of the answer's fields. */
  parameters: Readonly<Record<string, string>>;
}

type Shape = z.ZodObject | undefined;
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a call of the JSON API is: where it answers, to whom, what goes in and out. The OpenAPI document is made of these. */
export interface CallDefinition<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
> {
  method: "GET" | "POST";
  /** Without a slash at the end; `{name}` stands for one segment. Requests match with a slash too. */
  path: string;
  tag: "Authentication" | "API keys" | "Wallet" | "Tontines";
  summary: string;
  description?: string;
  access: Access;
  params?: Params;
  /** Every parameter is text or absent; one that is repeated counts with its first value. */
  query?: Query;
  body?: Body;
  /** A body that the schema takes: what the documentation's try-it form begins with. */
  bodyExample?: unknown;
  /** True when the body may be left out altogether. */
  bodyOptional?: boolean;
  /** True for a GET that changes something: it has no HEAD. */
  hasEffects?: boolean;
  /** True for what moves money: takes an Idempotency-Key. */
  idempotent?: boolean;
  /** For what moves money between wallets: how many transfers a parsed body holds. Each is counted, also of a list. */
  transfersIn?: (body: Body extends z.ZodType ? z.output<Body> : undefined) => number;
  /** 256 kB unless said. */
  bodyBytesMax?: number;
  answer: {
    status: number;
    description: string;
    schema?: z.ZodType;
    links?: Record<string, CallLink>;
    fileTypes?: readonly string[];
  };
  /** What the verb may refuse with, beside what `mountCall` itself answers. */
  errors: readonly ErrorCode[];
}

/** A call with its handler, its type parameters erased: `mountCall` passes it only what its own schemas parsed. */
export interface ApiCall extends CallDefinition {
  handle(request: CallRequest<unknown, unknown, unknown>): Promise<CallAnswer>;
}

/**
 * Defines one call of the JSON API: thin over a verb. What the handler throws is answered by the error table; a body,
 * query or path that its schema refuses never reaches it.
 */
export function defineCall<
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  definition: CallDefinition<Params, Query, Body>,
  handle: (request: CallRequest<Parsed<Params>, Parsed<Query>, Parsed<Body>>) => Promise<CallAnswer>,
): ApiCall {
  return { ...definition, handle: handle as ApiCall["handle"] } as ApiCall;
}

/** One address and method that we answer: a plain function from Request to Response. */
export interface ApiRoute {
  method: "GET" | "POST";
  /** Without a slash at the end; `{name}` stands for one segment. */
  path: string;
  /** True for a GET that changes something: HEAD, which link scanners send, is refused. */
  hasEffects?: boolean;
  handler: RouteHandler;
}
