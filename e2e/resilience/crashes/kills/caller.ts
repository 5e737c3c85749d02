import http from "node:http";
import { z } from "zod";

/** What became of one request, as its sender sees it. */
export type Outcome =
  | { kind: "answered"; status: number; body: unknown; isReplayed: boolean }
  /** Nobody listened: it was never sent. */
  | { kind: "refused" }
  /** It was sent, or may have been, and no whole answer came: anything may have happened. */
  | { kind: "lost"; why: string; isReused: boolean; isAnswerBegun: boolean };

export interface Post {
  path: string;
  apiKey: string;
  idempotencyKey: string;
  body: unknown;
}

export interface Caller {
  post(post: Post): Promise<Outcome>;
  /** How many requests wait for their answer now. */
  inFlight(): number;
  close(): void;
}

// Longer than the app takes for anything: its statements end after 15 s.
const PATIENCE_MS = 30_000;
// Never sent: refused, or the name of this machine couldn't be looked up.
const NEVER_SENT = new Set(["ECONNREFUSED"]);

const failure = z.object({ code: z.string() });

/** Sends requests to `url` over connections that are kept, as clients of the API do. */
export function createCaller(url: string): Caller {
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
    let isAnswerBegun = false;
    const lose = (error: Error): void => {
      const code = failure.safeParse(error).data?.code ?? error.message;
      if (NEVER_SENT.has(code)) resolve({ kind: "refused" });
      else resolve({ kind: "lost", why: code, isReused: request.reusedSocket, isAnswerBegun });
    };
    const request = http.request(options, (response) => {
      isAnswerBegun = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", lose);
      response.once("end", () => resolve(answerOf(response, Buffer.concat(chunks).toString("utf8"))));
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error("no answer in time")));
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
