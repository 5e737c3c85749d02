import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { PROVIDER_CALL_TIMEOUT_MS, PROVIDER_CONNECT_TIMEOUT_MS, ProviderError } from "./provider";

/** An HTTP response, whatever its status: the mapper interprets it. */
export interface Answer {
  status: number;
  body: string;
}

/** The fields of a JSON object. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON value of a body; null when it isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export interface ClientOptions {
  callTimeoutMs?: number;
  connectTimeoutMs?: number;
}

/** One request. A response of more than `bytesMax` is discarded as `outcome_unknown`. */
export interface Call {
  method: "GET" | "POST";
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
  bytesMax: number;
}

async function readBody(response: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > bytesMax) throw new ProviderError("outcome_unknown", "answer_too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Calls `onReady` when bytes may leave; destroys the request when connecting takes too long. */
function watchConnection(
  request: ClientRequest,
  isTls: boolean,
  timeoutMs: number,
  onReady: () => void,
): void {
  const timer = setTimeout(() => request.destroy(new Error("connect_timeout")), timeoutMs);
  request.once("close", () => clearTimeout(timer));
  request.once("socket", (socket) => {
    socket.once("connect", () => clearTimeout(timer));
    socket.once(isTls ? "secureConnect" : "connect", onReady);
  });
}

function errorCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error && /^[a-z_]{1,40}$/.test(error.message) ? error.message : "network";
}

// node:http rather than fetch: it distinguishes a connection that was never made (nothing moved) from one that broke
// afterwards (unknown), and connecting has its own limit.
/**
 * One request, without redirects and never tried twice. Throws {@link ProviderError}: `unavailable` when no byte of it
 * was sent, `outcome_unknown` when the connection was made and no whole answer came.
 */
export function exchange(
  { method, url, headers, body, bytesMax }: Call,
  options: ClientOptions,
): Promise<Answer> {
  const isTls = url.protocol === "https:";
  const callTimeoutMs = options.callTimeoutMs ?? PROVIDER_CALL_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    let mayHaveSent = false;
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      method,
      headers: method === "POST" ? { ...headers, "content-length": String(body.byteLength) } : headers,
      agent: false,
    });
    const timer = setTimeout(() => request.destroy(new Error("timeout")), callTimeoutMs);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      request.destroy();
      if (error instanceof ProviderError) return reject(error);
      reject(new ProviderError(mayHaveSent ? "outcome_unknown" : "unavailable", errorCode(error)));
    };
    watchConnection(request, isTls, options.connectTimeoutMs ?? PROVIDER_CONNECT_TIMEOUT_MS, () => {
      mayHaveSent = true;
    });
    request.on("error", fail);
    request.on("response", (response) => {
      readBody(response, bytesMax).then((text) => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: text });
      }, fail);
    });
    request.end(body);
  });
}
