import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { DomainError } from "@/lib/errors";

/**
 * What our handlers use of the web's Request, over Node's. Not a real one: undici takes several times as long to make one
 * (with a signal and a stream that nobody looks at) as a short call takes to answer.
 */
class NodeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly #incoming: IncomingMessage;
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(incoming: IncomingMessage) {
    this.method = incoming.method ?? "GET";
    // Never the Host header: it could lead to another path than the one that chose the API server.
    this.url = `http://localhost${incoming.url ?? "/"}`;
    this.headers = headersOf(incoming);
    this.#incoming = incoming;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.method === "GET" || this.method === "HEAD") return null;
    this.#stream ??= Readable.toWeb(this.#incoming) as ReadableStream<Uint8Array>;
    return this.#stream;
  }

  readBytes(bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return readIncoming(this.#incoming, bytesMax);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.readBytes(Number.POSITIVE_INFINITY);
    return (bytes ?? new Uint8Array()).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/**
 * A request's whole body, or null once it is longer than `bytesMax`: then the rest is not read. Throws `malformed_body` when the
 * caller goes away in the middle. By events, since leaving an iterator early would destroy the socket's other half.
 */
export function readIncoming(
  incoming: IncomingMessage,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (finish: () => void) => {
      incoming.pause();
      incoming.off("data", take).off("end", end).off("error", leave).off("close", leave);
      finish();
    };
    const take = (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= bytesMax) chunks.push(chunk);
      else settle(() => resolve(null));
    };
    const end = () => settle(() => resolve(new Uint8Array(Buffer.concat(chunks, length))));
    const leave = () => settle(() => reject(new DomainError("malformed_body")));
    incoming.on("data", take).on("end", end).on("error", leave).on("close", leave);
  });
}

/** Node's request as the web's. The body is read only when somebody reads it. */
export function toWebRequest(request: IncomingMessage): Request {
  return new NodeRequest(request) as Partial<Request> as Request;
}

// Not the raw ones: the server has replaced some of them.
function headersOf({ headers: given }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "string") headers.append(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

/** Writes the web's response, which is short, as Node's. Headers set before stay unless the response has them too. */
export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.statusCode = answer.status;
  discardRest(response.req);
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  if (answer.body === null) {
    response.end();
    return;
  }
  // Whole, since a stream between the two costs ten times as much as the bytes; text goes out with the head in one write.
  const isEncoded = answer.headers.has("content-encoding");
  const isText = !isEncoded && /^(?:text\/|application\/json)/.test(answer.headers.get("content-type") ?? "");
  const content = isText ? await answer.text() : Buffer.from(await answer.arrayBuffer());
  response.setHeader("content-length", Buffer.byteLength(content));
  response.end(response.req.method === "HEAD" ? undefined : content);
}

// A caller whose connection is closed while it sends never reads the answer; one that sends without end is closed anyway.
const DISCARDED_BYTES_MAX = 32 * 1024 * 1024;
const DISCARD_WITHIN_MS = 10_000;
// Not as fast as it comes: copying what nobody reads would keep others waiting.
const DISCARDED_BYTES_IN_BURST = 256 * 1024;
const DISCARD_PAUSE_MS = 50;

/** Discards the unread rest of a body, so that the connection is ready for the next request. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  let left = DISCARDED_BYTES_MAX;
  const late = setTimeout(() => request.destroy(), DISCARD_WITHIN_MS);
  late.unref();
  request.once("close", () => clearTimeout(late));
  let inBurst = 0;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.byteLength;
    inBurst += chunk.byteLength;
    if (left < 0) request.destroy();
    if (inBurst < DISCARDED_BYTES_IN_BURST) return;
    inBurst = 0;
    request.pause();
    setTimeout(() => request.resume(), DISCARD_PAUSE_MS).unref();
  });
  request.resume();
}
