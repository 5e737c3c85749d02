import type { IncomingMessage, ServerResponse } from "node:http";
import { type ErrorPageStatus, errorPage } from "@/lib/http/error-page";
import { languageOf } from "./request-language";
import { discardRest } from "./web-bridge";

/** An answer of our own to what neither the API nor a page answers. */
export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const API = /^\/(?:api|webhook)(?:[/?]|$)/;

// For what doesn't reach the API's table, which has its own.
const DETAILS: Record<ErrorPageStatus, { code: string; detail: string }> = {
  400: { code: "malformed_body", detail: "The request could not be read" },
  403: { code: "forbidden_origin", detail: "The request came from another site" },
  409: { code: "malformed_body", detail: "The request could not be read" },
  413: { code: "payload_too_large", detail: "The request is too large" },
  414: { code: "uri_too_long", detail: "The address is too long" },
  429: { code: "rate_limited", detail: "Too many requests" },
  431: { code: "headers_too_large", detail: "The request's headers are too large" },
  500: { code: "internal", detail: "Something went wrong" },
  503: { code: "unavailable", detail: "The service is unavailable; nothing was done" },
};

type Asked = Pick<IncomingMessage, "url" | "headers">;

/** JSON below the API's addresses, and everywhere else a page in the request's language that leads back to its own page. */
export function refusalOf(request: Asked, status: ErrorPageStatus, retryAfterSeconds?: number): Refusal {
  const { url = "/", headers } = request;
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (!API.test(url)) {
    const isTooLong = status === 414 || status === 431;
    return errorPage(status, { language: languageOf(request), path: isTooLong ? null : url, ...retry });
  }
  const body = { ...DETAILS[status], request_id: String(headers["x-request-id"] ?? "") };
  return {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify(body),
  };
}

/** Sends it whole, and discards what the caller still sends, so that it can read the answer. */
export function sendRefusal({ status, headers, body }: Refusal, response: ServerResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  discardRest(response.req);
  response.end(response.req.method === "HEAD" ? undefined : body);
}
