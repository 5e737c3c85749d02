import net from "node:net";

/** A response as it was received. */
export interface WireResponse {
  status: number;
  /** Lower-case names; a repeated header has its values joined by a comma. */
  headers: Map<string, string>;
  /** Everything before the body, as text. */
  head: string;
  body: Buffer;
}

/** `closed`: the connection ended first. `silent`: no response in time. */
export type Reply = WireResponse | "closed" | "silent";

export function isResponse(reply: Reply): reply is WireResponse {
  return typeof reply !== "string";
}

interface Waiting {
  isHead: boolean;
  settle(reply: Reply): void;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const NO_BODY = new Set([204, 304]);

/**
 * A connection that sends any bytes and reads HTTP responses in order: HTTP clients refuse to send malformed requests. Opened
 * at the first request, and again after it was closed.
 */
export class RawConnection {
  #socket: net.Socket | null = null;
  #received = Buffer.alloc(0);
  #waiting: Waiting[] = [];

  constructor(readonly port: number) {}

  /** Sends `pieces` with a pause between them, and waits for one response for each of `heads` (true for a HEAD request). */
  async exchange(
    pieces: readonly Buffer[],
    {
      heads = [false],
      withinMs,
      pauseMs = 0,
    }: { heads?: readonly boolean[]; withinMs: number; pauseMs?: number },
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
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
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
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined) return;
      const parsed = parseResponse(this.#received, next.isHead, isOver);
      if (parsed === null) return;
      this.#received = this.#received.subarray(parsed.length);
      if (parsed.response.status < 200) continue;
      this.#waiting.shift();
      next.settle(parsed.response);
      if (parsed.isLast) {
        this.#drop("closed");
        return;
      }
    }
  }
}

interface Parsed {
  response: WireResponse;
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
  const headers = new Map<string, string>();
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  const from = end + HEAD_END.length;
  const isLast = headers.get("connection")?.toLowerCase() === "close";
  const whole = (body: Buffer, length: number): Parsed => ({
    response: { status, headers, head, body },
    length,
    isLast,
  });
  if (isHead || status < 200 || NO_BODY.has(status)) return whole(Buffer.alloc(0), from);
  // A stream of events lasts half a minute: its beginning counts as the response.
  if (headers.get("content-type")?.startsWith("text/event-stream")) {
    return { ...whole(bytes.subarray(from), bytes.length), isLast: true };
  }
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") {
    const body = readChunks(bytes, from);
    return body && whole(body.body, body.end);
  }
  const announced = headers.get("content-length");
  if (announced === undefined) return isOver ? whole(bytes.subarray(from), bytes.length) : null;
  const length = Number(announced);
  return bytes.length < from + length ? null : whole(bytes.subarray(from, from + length), from + length);
}

function readChunks(bytes: Buffer, from: number): { body: Buffer; end: number } | null {
  const parts: Buffer[] = [];
  let at = from;
  for (;;) {
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
