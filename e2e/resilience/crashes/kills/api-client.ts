import http from "node:http";
import { z } from "zod";

/** The outcome of one request, as its sender sees it. */
export type Outcome =
  | { kind: "answered"; status: number; body: unknown; isReplayed: boolean }
  /** The connection was refused: nothing was sent. */
  | { kind: "refused" }
  /** The request may have been sent, and no whole response came: it may have been carried out or not. */
  | { kind: "lost"; why: string; isReused: boolean; hasResponseBegun: boolean };

export interface Post {
  path: string;
  apiKey: string;
  idempotencyKey: string;
  body: unknown;
}

export interface ApiClient {
  post(post: Post): Promise<Outcome>;
  /** Number of requests that wait for their response. */
  inFlight(): number;
  close(): void;
}

// Longer than any request takes: the app's statements time out after 15 s.
const TIMEOUT_MS = 30_000;
const NEVER_SENT = new Set(["ECONNREFUSED"]);

const failure = z.object({ code: z.string() });

/** Sends requests to `url` over keep-alive connections, as clients of the API do. */
export function createApiClient(url: string): ApiClient {
  const { port } = new URL(url);
  const agent = new http.Agent({ keepAlive: true });
  let inFlight = 0;
  return {
    async post(post) {
      inFlight += 1;
      try {
        return await send(agent, port, post);
      } finally {
        inFlight -= 1;
      }
    },
    inFlight: () => inFlight,
    close: () => agent.destroy(),
  };
}

function send(agent: http.Agent, port: string, post: Post): Promise<Outcome> {
  const body = JSON.stringify(post.body);
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "x-api-key": post.apiKey,
    "idempotency-key": post.idempotencyKey,
  };
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path: post.path, method: "POST", headers, agent };
    let hasResponseBegun = false;
    const lose = (error: Error): void => {
      const code = failure.safeParse(error).data?.code ?? error.message;
      if (NEVER_SENT.has(code)) resolve({ kind: "refused" });
      else resolve({ kind: "lost", why: code, isReused: request.reusedSocket, hasResponseBegun });
    };
    const request = http.request(options, (response) => {
      hasResponseBegun = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", lose);
      response.once("end", () => resolve(answerOf(response, Buffer.concat(chunks).toString("utf8"))));
    });
    request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error("no answer in time")));
    request.once("error", lose);
    request.end(body);
  });
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage, text: string): Outcome {
  const isReplayed = headers["idempotency-replayed"] === "true";
  return { kind: "answered", status: statusCode, body: parsed(text), isReplayed };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
