import net from "node:net";

/** A request as it is sent: unlike with fetch, nothing of it is normalized. */
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
  const { host, port } = new URL(base);
  const connection = new HttpConnection(Number(port));
  const options = { heads: [request.method === "HEAD"], withinMs: TIMEOUT_MS };
  const [reply = "silent"] = await connection.exchange([serialize(request, host)], options);
  connection.close();
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
 * A connection that sends any bytes and reads HTTP responses in order: HTTP clients refuse to send malformed requests. Opened
 * at the first request, and again after it was closed.
 */
export class HttpConnection {
  #socket: net.Socket | null = null;
  #received = Buffer.alloc(0);
  #waiting: { isHead: boolean; settle(reply: Reply): void }[] = [];

  constructor(readonly port: number) {}

  /** Sends `pieces` with a pause between them, and waits for one response for each of `heads` (true for a HEAD request). */
  async exchange(
    pieces: readonly Buffer[],
    { heads, withinMs, pauseMs = 0 }: { heads: readonly boolean[]; withinMs: number; pauseMs?: number },
  ): Promise<Reply[]> {
    const socket = this.#open();
    const timer = setTimeout(() => this.#drop("silent"), withinMs);
    const replies = heads.map(
      (isHead) => new Promise<Reply>((settle) => this.#waiting.push({ isHead, settle })),
    );
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (!socket.destroyed) socket.write(piece);
    }
    const all = await Promise.all(replies);
    clearTimeout(timer);
    return all;
  }

  close(): void {
    this.#drop("closed");
  }

  #open(): net.Socket {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = net.connect({ port: this.port, host: "127.0.0.1", noDelay: true });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#read(false);
    });
    socket.on("error", () => {});
    const end = () => {
      if (this.#socket !== socket) return;
      this.#read(true);
      this.#drop("closed");
    };
    socket.on("end", end).on("close", end);
    return socket;
  }

  /** Closes the connection; requests that still wait get `reason`. */
  #drop(reason: "closed" | "silent"): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#received = Buffer.alloc(0);
    for (const { settle } of this.#waiting.splice(0)) settle(reason);
  }

  #read(isOver: boolean): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const parsed = parseResponse(this.#received, next.isHead, isOver);
      if (parsed === null) return;
      this.#received = this.#received.subarray(parsed.length);
      if (parsed.response.status < 200) continue;
      this.#waiting.shift();
      next.settle(parsed.response);
      if (parsed.isLast) this.#drop("closed");
    }
  }
}

interface Parsed {
  response: HttpResponse;
  /** Its length in bytes. */
  length: number;
  /** True if the server announced that it closes the connection. */
  isLast: boolean;
}

/** The first response in `bytes`; null while it is incomplete. */
export function parseResponse(bytes: Buffer, isHead: boolean, isOver: boolean): Parsed | null {
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
  const whole = (body: Buffer, length: number, isLast = headers.connection?.toLowerCase() === "close") => ({
    response: { status, headers, head, body: body.toString() },
    length,
    isLast,
  });
  if (isHead || status < 200 || NO_BODY.has(status)) return whole(Buffer.alloc(0), from);
  // A stream of events lasts half a minute: its beginning counts as the response.
  if (headers["content-type"]?.startsWith("text/event-stream"))
    return whole(bytes.subarray(from), bytes.length, true);
  if (headers["transfer-encoding"]?.toLowerCase() === "chunked") {
    const body = readChunks(bytes, from);
    return body && whole(body.body, body.end);
  }
  const announced = headers["content-length"];
  if (announced === undefined) return isOver ? whole(bytes.subarray(from), bytes.length) : null;
  const to = from + Number(announced);
  return bytes.length < to ? null : whole(bytes.subarray(from, to), to);
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
