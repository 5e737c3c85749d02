import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { PROVIDER_CALL_TIMEOUT_MS, PROVIDER_CONNECT_TIMEOUT_MS, ProviderError } from "../provider";
import type { PaystackConfig } from "./env";

/** An answer over HTTP, whatever its status: the mapper says what it means. */
export interface Answer {
  status: number;
  body: string;
}

export interface ClientOptions {
  callTimeoutMs?: number;
  connectTimeoutMs?: number;
}

/**
 * Both throw {@link ProviderError}: `unavailable` when no byte of the request was sent, `outcome_unknown` when the
 * connection was made and no whole answer came. They follow no redirect and never try twice.
 */
export interface PaystackClient {
  /** An answer of more than `bytesMax` is none; 256 kB unless told. */
  get(path: string, bytesMax?: number): Promise<Answer>;
  post(path: string, body: object): Promise<Answer>;
}

/** A page of a hundred banks is about 45 kB, a verified transaction with its log rarely more than 20. */
const ANSWER_BYTES_MAX = 256 * 1024;

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

interface Call {
  method: "GET" | "POST";
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
  bytesMax: number;
}

// node:http rather than fetch: see ../README.md, 2026-11-22.
function exchange({ method, url, headers, body, bytesMax }: Call, options: ClientOptions): Promise<Answer> {
  const isTls = url.protocol === "https:";
  const callTimeoutMs = options.callTimeoutMs ?? PROVIDER_CALL_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    let mayHaveSent = false;
    const request = (isTls ? httpsRequest : httpRequest)(url, { method, headers, agent: false });
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

export function createClient(config: PaystackConfig, options: ClientOptions = {}): PaystackClient {
  const headers = {
    authorization: `Bearer ${config.secretKey}`,
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": "Cauris/1.0",
  };
  const at = (path: string) => new URL(config.apiUrl + path);
  return {
    get: (path, bytesMax = ANSWER_BYTES_MAX) =>
      exchange({ method: "GET", url: at(path), headers, body: Buffer.alloc(0), bytesMax }, options),
    post(path, content) {
      const body = Buffer.from(JSON.stringify(content), "utf8");
      const described = {
        ...headers,
        "content-type": "application/json",
        "content-length": String(body.byteLength),
      };
      const bytesMax = ANSWER_BYTES_MAX;
      return exchange({ method: "POST", url: at(path), headers: described, body, bytesMax }, options);
    },
  };
}
