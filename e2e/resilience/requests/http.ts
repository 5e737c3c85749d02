// The HTTP client of scenarios that send odd requests: it sends any bytes, which ordinary clients refuse to, and normalizes nothing.
import net from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A request as it is sent. */
export interface HttpRequest {
  method: string;
  /** What stands in the request line: path and query, or an absolute URL. */
  target: string;
  /** By lower-case name. A list is sent as several header lines. */
  headers: Record<string, string | string[]>;
  body?: Buffer;
}

export interface HttpResponse {
  status: number;
  /** By lower-case name; the values of a repeated header are joined by a comma. */
  headers: Readonly<Record<string, string>>;
  /** Everything before the body. */
  head: string;
  body: string;
}

/** `closed`: the connection ended first. `silent`: no response in time. */
export type Reply = HttpResponse | "closed" | "silent";

const TIMEOUT_MS = 60_000;
const HEAD_END = Buffer.from("\r\n\r\n");
const NO_BODY = new Set([204, 304]);

/** Sends one request to the deployment at `base`. Throws when no response comes in time. */
export async function send(base: string, request: HttpRequest): Promise<HttpResponse> {
  const { host } = new URL(base);
  const options = { heads: [request.method === "HEAD"], withinMs: TIMEOUT_MS };
  const [reply = "silent"] = await exchange(host, [serialize(request, host)], options);
  if (typeof reply === "string") throw new Error(`no response from ${request.target}: ${reply}`);
  return reply;
}

/** The bytes of a request. Host and Content-Length are added where they are missing. */
export function serialize({ method, target, headers, body }: HttpRequest, host: string): Buffer {
  const isFramed = "content-length" in headers || "transfer-encoding" in headers;
  const length = body === undefined || isFramed ? {} : { "content-length": String(body.length) };
  const lines = Object.entries({ host, ...headers, ...length }).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}\r\n`),
  );
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body ?? Buffer.alloc(0)]);
}

/**
 * Sends `pieces` over a new connection to `host` (`localhost:3000`), with a pause between them, and waits for one response for
 * each of `heads` (true for a HEAD request), in their order.
 */
export async function exchange(
  host: string,
  pieces: readonly Buffer[],
  { heads, withinMs, pauseMs = 0 }: { heads: readonly boolean[]; withinMs: number; pauseMs?: number },
): Promise<Reply[]> {
  const socket = net.connect({ port: Number(host.split(":")[1]), host: "127.0.0.1", noDelay: true });
  const replies: HttpResponse[] = [];
  let received = Buffer.alloc(0);
  const ended = new Promise<"closed" | "silent">((end) => {
    const timer = setTimeout(end, withinMs, "silent");
    const read = (isOver: boolean) => {
      while (replies.length < heads.length) {
        const parsed = parseResponse(received, heads[replies.length] === true, isOver);
        if (parsed === null) return;
        received = received.subarray(parsed.length);
        // Interim responses, such as 100 Continue, don't count.
        if (parsed.response.status >= 200) replies.push(parsed.response);
      }
      end("closed");
    };
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      read(false);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      read(true);
      end("closed");
    });
  });
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await wait(pauseMs);
    if (!socket.destroyed) socket.write(piece);
  }
  const reason = await ended;
  socket.destroy();
  return heads.map((_head, index) => replies[index] ?? reason);
}

/** The first response in `bytes` and its length; null while it is incomplete. */
function parseResponse(bytes: Buffer, isHead: boolean, isOver: boolean) {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = bytes.subarray(0, end).toString("latin1");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  const headers: Record<string, string> = {};
  for (const line of head.split("\r\n").slice(1)) {
    const [, name = "", value = ""] = /^([^:]*):\s*(.*?)\s*$/.exec(line) ?? [];
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
  }
  const from = end + HEAD_END.length;
  const response = (body: Buffer, length = from + body.length) => {
    return { response: { status, headers, head, body: body.toString() } satisfies HttpResponse, length };
  };
  if (isHead || status < 200 || NO_BODY.has(status)) return response(Buffer.alloc(0));
  // A stream of events lasts half a minute: its beginning counts as the response.
  if (headers["content-type"]?.startsWith("text/event-stream")) return response(bytes.subarray(from));
  if (headers["transfer-encoding"]?.toLowerCase() === "chunked") {
    const chunked = readChunks(bytes, from);
    return chunked && response(chunked.body, chunked.end);
  }
  const announced = headers["content-length"];
  if (announced === undefined) return isOver ? response(bytes.subarray(from)) : null;
  const to = from + Number(announced);
  return bytes.length < to ? null : response(bytes.subarray(from, to));
}

function readChunks(bytes: Buffer, from: number): { body: Buffer; end: number } | null {
  const parts: Buffer[] = [];
  for (let at = from; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    const data = lineEnd + 2;
    if (bytes.length < data + size + 2) return null;
    if (size === 0) return { body: Buffer.concat(parts), end: data + 2 };
    parts.push(bytes.subarray(data, data + size));
    at = data + size + 2;
  }
}
