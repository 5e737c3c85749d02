import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { securityHeaders } from "@/lib/http/security-headers";
import { type Refusal, refusalOf } from "./refusal";

/** Where Node's parser gives up. More than we take, so that most long requests still get an answer in their language. */
export const HEADER_BYTES_MAX = 64 * 1024;

const URL_LENGTH_MAX = 8 * 1024;
const HEADERS_LENGTH_MAX = 16 * 1024;

/** Refuses an address above 8 kB and headers above 16 kB (RFC 9110 §15.5.15, RFC 6585 §5); null for all others. */
export function refuseLongHead(request: IncomingMessage): Refusal | null {
  const { url = "/", rawHeaders } = request;
  if (url.length > URL_LENGTH_MAX) return refusalOf(request, 414);
  const length = rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
  return length > HEADERS_LENGTH_MAX ? refusalOf(request, 431) : null;
}

interface ParseError extends Error {
  code?: string;
  /** What arrived last. */
  rawPacket?: Buffer;
}

const openResponses = new WeakMap<Duplex, number>();

/** Remembers that the connection has a response until it is done. */
export function trackResponse(socket: Duplex, response: ServerResponse): void {
  openResponses.set(socket, (openResponses.get(socket) ?? 0) + 1);
  response.once("close", () => openResponses.set(socket, (openResponses.get(socket) ?? 1) - 1));
}

/**
 * Answers what Node's parser could not read. A connection with an unfinished response is only closed: what is written to it now
 * would be read as a part of that response.
 */
export function answerUnparsed(error: ParseError, socket: Duplex, isHttps: boolean): void {
  if (!socket.writable || error.code === "ECONNRESET" || (openResponses.get(socket) ?? 0) > 0) {
    socket.destroy();
    return;
  }
  const seen = error.rawPacket?.toString("latin1") ?? "";
  const url = /^\S+\s+(\/\S*)/.exec(seen)?.[1] ?? "/";
  const status = statusOf(error, url);
  const requestId = randomUUID();
  const { headers, body } = refusalOf(
    { url, headers: { "x-request-id": requestId } },
    status === 408 ? 400 : status,
  );
  const all = {
    ...securityHeaders(isHttps),
    ...headers,
    "x-request-id": requestId,
    connection: "close",
    "content-length": String(Buffer.byteLength(body)),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${head.join("")}\r\n${body}`);
}

function statusOf({ code }: ParseError, url: string): keyof typeof REASONS {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return 408;
  if (code !== "HPE_HEADER_OVERFLOW") return 400;
  return url.length > URL_LENGTH_MAX ? 414 : 431;
}

const REASONS = {
  400: "Bad Request",
  408: "Request Timeout",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
} as const;
