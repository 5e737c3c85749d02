import { randomUUID } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { CLIENT_ADDRESS_HEADER, clientAddress } from "@/lib/http/client-address";
import { errorResponse } from "@/lib/http/define-route";
import { securityHeaders } from "@/lib/http/security-headers";
import { log } from "@/lib/log";
import { createGracefulStop } from "./graceful-stop";
import { answerUnparsed, HEADER_BYTES_MAX, refuseLongHead, trackResponse } from "./long-heads";
import { createPageRequests, type PageRequestOptions, type PageRequests } from "./page-requests";
import { refusalOf, sendRefusal } from "./refusal";
import { isFilePath, isOddApiPath, isReadableTarget, originForm } from "./request-target";
import { shownPath } from "./shown-path";
import { sendWebResponse, toWebRequest } from "./web-bridge";

const HEADERS_WITHIN_MS = 15_000;
const REQUEST_WITHIN_MS = 60_000;
// Longer than the usual 60 s of a proxy in front, so that it is the proxy who closes.
const KEEP_ALIVE_MS = 65_000;
const FORWARDED = ["forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto"];
// Next answers others with a 500 (TRACE, or PUT of a file) or with the page itself.
const METHODS = ["GET", "HEAD", "OPTIONS", "POST"];
/** The addresses below /api that are next-auth's. */
const NEXT_AUTH = /^\/api\/auth(?:\/|$)/;
const FILE_METHODS = ["GET", "HEAD"];
const API_METHODS = [...METHODS, "PUT", "PATCH", "DELETE"];
// For whatever is answered with markup outside of the pages, which have a policy of their own.
const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The JSON API's table, as lib/api makes it. */
export interface ApiServer {
  has(path: string): boolean;
  answer(request: Request): Promise<Response>;
}

export interface AppServerOptions extends PageRequestOptions {
  host: string;
  port: number;
  /** True when people reach us by https: browsers are told to stay there. */
  isHttps: boolean;
  /** How many proxies of ours stand in front, each of which adds to X-Forwarded-For. */
  trustedProxies: number;
  /** For Next's development server only: without it, requests to upgrade a connection are answered as any other. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Answers before Next does, for the paths that it has; every other request, and its body, is left to Next. */
  apiServer?: ApiServer;
  /** How long kept connections are still answered when it stops. */
  lingerMs?: number;
}

export interface AppServer {
  listen(): Promise<void>;
  /** The port that it listens on. */
  port(): number;
  /** Takes nothing new, finishes what runs. */
  stop(): Promise<void>;
}

/** The HTTP server in front of Next: request ids, headers for every answer, time limits, one log line a request. */
export function createAppServer(options: AppServerOptions): AppServer {
  const pageRequests = createPageRequests(options);
  const server = http.createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Refused in answer(), with our headers.
      requireHostHeader: false,
    },
    (request, response) => {
      const requestId = randomUUID();
      request.url = originForm(request.url);
      prepareRequest(request, requestId, options);
      prepareResponse(response, requestId, options);
      logWhenDone(request, response, requestId);
      graceful.track(response);
      trackResponse(request.socket, response);
      answer(request, response, options, pageRequests).catch((error: unknown) => {
        log.error({ requestId, err: error }, "a request failed outside of Next");
        if (response.headersSent) response.destroy();
        else sendRefusal(refusalOf(request, 500), response);
      });
    },
  );
  // Unlimited, since Node drops the rest in silence: a second Host, or the length of the body. refuseLongHead limits their bytes.
  server.maxHeadersCount = 0;
  const graceful = createGracefulStop(server, options.lingerMs);
  server.on("checkExpectation", (_request, response) => {
    prepareResponse(response, randomUUID(), options);
    response.statusCode = 417;
    response.end();
  });
  const { upgrade } = options;
  if (upgrade !== undefined) {
    server.on("upgrade", (request, socket, head) => {
      upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }
  server.on("clientError", (error, socket) => answerUnparsed(error, socket, options.isHttps));
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: options.host, port: options.port }, resolve);
      }),
    port: () => {
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : options.port;
    },
    stop: graceful.stop,
  };
}

/** Replaces the headers in which a caller could claim another address, host or request id by what the server knows. */
function prepareRequest(request: IncomingMessage, requestId: string, options: AppServerOptions): void {
  request.headers["x-request-id"] = requestId;
  request.headers[CLIENT_ADDRESS_HEADER] = addressOf(request, options.trustedProxies);
  // Proxies pass on what the caller wrote there, and none of it is needed behind them either.
  for (const name of FORWARDED) delete request.headers[name];
  if (options.trustedProxies === 0) request.headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
  request.headers["x-forwarded-proto"] = options.isHttps ? "https" : "http";
}

function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const forwardedFor = [request.headers["x-forwarded-for"] ?? []].flat().join(",");
  return clientAddress(request.socket.remoteAddress, forwardedFor, trustedProxies);
}

/** Set first, so that whoever answers may say something else. */
function prepareResponse(response: ServerResponse, requestId: string, options: AppServerOptions): void {
  response.setHeader("x-request-id", requestId);
  response.setHeader("content-security-policy", NO_CONTENT_POLICY);
  for (const [name, value] of Object.entries(securityHeaders(options.isHttps))) {
    response.setHeader(name, value);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { apiServer }: AppServerOptions,
  pageRequests: PageRequests,
): Promise<void> {
  const isTooLong = refuseLongHead(request);
  if (isTooLong !== null) return sendRefusal(isTooLong, response);
  const path = pathOf(request);
  if (!hasOneHost(request) || !isReadableTarget(request.url ?? "/"))
    return sendRefusal(refusalOf(request, 400), response);
  // Next would find the same call behind another spelling, with counters of its own.
  if (isOddApiPath(path)) return await refuseCall(request, response, "not_found");
  if (apiServer?.has(path)) {
    return await sendWebResponse(await apiServer.answer(toWebRequest(request)), response);
  }
  const methods = methodsOf(request, path);
  if (!methods.includes(request.method ?? "GET")) {
    response.setHeader("allow", methods.join(", "));
    if (isApi(request)) return await refuseCall(request, response, "method_not_allowed");
    response.statusCode = 405;
    response.end();
    return;
  }
  // Next takes several milliseconds to say the same, of the thread where everybody else waits.
  if (apiServer && isApi(request) && !NEXT_AUTH.test(path))
    return await refuseCall(request, response, "not_found");
  await pageRequests(request, response);
}

function methodsOf(request: IncomingMessage, path: string): readonly string[] {
  if (isApi(request)) return API_METHODS;
  return isFilePath(path) ? FILE_METHODS : METHODS;
}

/** Answers a call of the API that no route of its table answers. */
async function refuseCall(
  request: IncomingMessage,
  response: ServerResponse,
  code: ErrorCode,
): Promise<void> {
  const requestId = String(request.headers["x-request-id"] ?? "");
  await sendWebResponse(errorResponse(new DomainError(code), requestId, "server"), response);
}

/** RFC 9112 §3.2: a request without a Host header, or with two, is refused. */
function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name)).length === 1;
}

function isApi(request: IncomingMessage): boolean {
  return /^\/(?:api|webhook)(?:\/|$)/.test(pathOf(request));
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

function logWhenDone(request: IncomingMessage, response: ServerResponse, requestId: string): void {
  const from = performance.now();
  const { method } = request;
  const path = shownPath(pathOf(request));
  response.once("close", () => {
    const ms = Math.round((performance.now() - from) * 10) / 10;
    const aborted = response.writableFinished ? {} : { aborted: true };
    log.info({ requestId, method, path, status: response.statusCode, ms, ...aborted }, "request");
  });
}
