import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
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

/** Answers what Node's parser could not read, where there is neither a request nor a response yet. */
export function answerUnparsed(error: ParseError, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const seen = error.rawPacket?.toString("latin1") ?? "";
  const url = /^\S+\s+(\/\S*)/.exec(seen)?.[1] ?? "/";
  const status = error.code === "HPE_HEADER_OVERFLOW" ? (url.length > URL_LENGTH_MAX ? 414 : 431) : 400;
  const requestId = randomUUID();
  const { headers, body } = refusalOf({ url, headers: { "x-request-id": requestId } }, status);
  const all = {
    ...securityHeaders(false),
    ...headers,
    "x-request-id": requestId,
    connection: "close",
    "content-length": String(Buffer.byteLength(body)),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${head.join("")}\r\n${body}`);
}

const REASONS = {
  400: "Bad Request",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
} as const;
