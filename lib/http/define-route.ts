import { describeError } from "@/lib/describe-error";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { ERROR_TABLE, KEY_REFUSALS } from "./error-table";
import { readBody } from "./read-body";
import { requestIdOf } from "./request-context";

/** A database restarts within a few seconds. */
const RETRY_AFTER_OUTAGE_SECONDS = 5;
const BODY_BYTES_MAX = 256 * 1024;

export interface RouteOptions {
  /** Names the route in the logs. */
  name: string;
  /** 256 kB unless said. */
  bodyBytesMax?: number;
}

/** A request with what every handler needs. A body can be read once. */
export interface RouteRequest {
  request: Request;
  requestId: string;
  /** The exact bytes. Throws `payload_too_large` as soon as the limit is passed, without reading on. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** The body as JSON (UTF-8). Throws `malformed_body` when it isn't. */
  json(): Promise<unknown>;
}

export type RouteHandler = (request: Request) => Promise<Response>;

/**
 * A plain handler with a request id, a bounded body, and one way to answer errors: `{ detail, code, request_id }` with
 * the table's status, `fields` for invalid ones and Retry-After for limits. It needs nothing of Next.
 */
export function defineRoute(
  { name, bodyBytesMax = BODY_BYTES_MAX }: RouteOptions,
  handle: (request: RouteRequest) => Promise<Response>,
): RouteHandler {
  return async (request) => {
    const requestId = requestIdOf(request.headers);
    const bytes = () => readBody(request, bodyBytesMax);
    try {
      const response = await handle({
        request,
        requestId,
        bytes,
        json: async () => parseJson(await bytes()),
      });
      response.headers.set("x-request-id", requestId);
      return response;
    } catch (error) {
      return errorResponse(error, requestId, name);
    }
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new DomainError("malformed_body");
  }
}

/** The JSON answer for anything thrown: a DomainError by the table, anything else as `internal` without its message. */
export function errorResponse(error: unknown, requestId: string, route: string): Response {
  const { code, details, status, retryAfterSeconds } = logRefusal(error, requestId, route);
  const headers = new Headers({ "cache-control": "no-store", "x-request-id": requestId });
  // RFC 9110 §11.6.1: a 401 names the authentication scheme.
  if (status === 401) headers.set("www-authenticate", "Bearer");
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  const fields = details.issues?.map(({ field, reason }) => ({ field: snakeCase(field), reason }));
  const sentence = details.credential
    ? KEY_REFUSALS[details.credential]
    : ERROR_TABLE[code].detail.replace("{permission}", details.permission ?? "");
  const body = { detail: sentence, code, request_id: requestId, ...(fields === undefined ? {} : { fields }) };
  return Response.json(body, { status, headers });
}

interface Refusal extends Pick<DomainError, "code" | "details"> {
  status: number;
  /** Of a limit, or of an outage. */
  retryAfterSeconds: number | undefined;
}

/** Logs anything thrown, and says how it is answered: a DomainError by the table, anything else as `internal`. */
export function logRefusal(error: unknown, requestId: string, route: string): Refusal {
  const known = error instanceof DomainError ? error : new DomainError("internal");
  const { code, details } = known;
  const { status, logLevel } = ERROR_TABLE[code];
  const unexpected = known === error ? {} : { error: describeError(error) };
  log[logLevel]({ requestId, route, code, ...unexpected }, "a request was refused");
  const retryAfterSeconds =
    details.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_OUTAGE_SECONDS : undefined);
  return { code, details, status, retryAfterSeconds };
}

/** Verbs name their fields as code does, the API as its contract does. */
function snakeCase(field: string): string {
  return field.replace(/[a-z][A-Z]/g, ([lower, upper]) => `${lower}_${upper?.toLowerCase()}`);
}
