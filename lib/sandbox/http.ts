import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackUrl } from "@/lib/loopback";

const BODY_BYTES_MAX = 64 * 1024;
const BODY_TIMEOUT_MS = 10_000;

/** A request, read whole. */
export interface Incoming {
  method: string;
  url: URL;
  headers: Headers;
  rawBody: Buffer;
  /** How the caller reached us, such as `http://127.0.0.1:4010`: links that we hand out begin with it. */
  base: string;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** `null` is no answer at all: the connection stays open until its caller gives up. */
export type Handler = (incoming: Incoming) => Reply | null | Promise<Reply | null>;

const COMMON_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

export function json(status: number, body: object): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

export function seeOther(location: string): Reply {
  return { status: 303, headers: { location }, body: "" };
}

export function form(incoming: Incoming): URLSearchParams {
  return new URLSearchParams(incoming.rawBody.toString("utf8"));
}

/** Null for anything but JSON. */
export function parseJson(incoming: Incoming): unknown {
  try {
    return JSON.parse(incoming.rawBody.toString("utf8"));
  } catch {
    return null;
  }
}

/** Constant time whatever the lengths. */
export function isSame(one: string, other: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Null when the Host header isn't this machine: a web page that re-points its own name at us gets nothing. */
function readBase(request: IncomingMessage): string | null {
  const base = `http://${request.headers.host ?? ""}`;
  return isLoopbackUrl(base) && new URL(base).origin === base ? base : null;
}

/** Null when it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  request.setTimeout(BODY_TIMEOUT_MS, () => request.destroy());
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...COMMON_HEADERS, ...reply.headers }).end(reply.body);
}

/** Reads, calls `handler`, answers. Throws what the handler throws, after answering 500. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
): Promise<void> {
  const base = readBase(request);
  if (base === null) return send(response, json(421, { code: "not_this_host" }));
  const target = request.url ?? "/";
  if (!target.startsWith("/") || !URL.canParse(base + target))
    return send(response, json(400, { code: "bad_url" }));
  const rawBody = await readBody(request);
  if (rawBody === null) {
    response.once("finish", () => request.destroy());
    return send(response, { ...json(413, { code: "too_large" }), headers: { connection: "close" } });
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const incoming = { method: request.method ?? "GET", url: new URL(base + target), headers, rawBody, base };
  try {
    const reply = await handler(incoming);
    if (reply) send(response, reply);
  } catch (error) {
    send(response, json(500, { code: "sandbox_error" }));
    throw error;
  }
}
