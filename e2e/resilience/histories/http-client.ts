import http from "node:http";

export interface HttpRequest {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Closes the connection after this time, whatever the state of the request; null waits. */
  disconnectAfterMs?: number | null;
}

interface Times {
  /** Milliseconds since 1970, before the first byte is sent and after the last one is received. */
  startedAt: number;
  endedAt: number;
}

export type HttpResult = Times &
  (
    | { kind: "response"; status: number; headers: http.IncomingHttpHeaders; text: string }
    /** No whole response: the request may have been carried out or not. */
    | { kind: "lost"; why: string }
  );

export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResult>;
  close(): void;
}

const TIMEOUT_MS = 60_000;

/** A client of one server with keep-alive connections to 127.0.0.1. */
export function createHttpClient(url: string): HttpClient {
  const { port, host } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: (request) => send({ agent, port, host }, request),
    close: () => agent.destroy(),
  };
}

function send(
  { agent, port, host }: { agent: http.Agent; port: string; host: string },
  { method, path, headers = {}, body, disconnectAfterMs = null }: HttpRequest,
): Promise<HttpResult> {
  const startedAt = Date.now();
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve) => {
    const lost = (why: string) => resolve({ kind: "lost", why, startedAt, endedAt: Date.now() });
    const request = http.request(
      { agent, host: "127.0.0.1", port, path, method, headers: { ...headers, ...length, host } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", (error) => lost(error.message));
        response.once("aborted", () => lost("the response was cut off"));
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const { statusCode = 0, headers: responseHeaders } = response;
          resolve({
            kind: "response",
            status: statusCode,
            headers: responseHeaders,
            text,
            startedAt,
            endedAt: Date.now(),
          });
        });
      },
    );
    const timeout = setTimeout(() => request.destroy(new Error("timeout")), TIMEOUT_MS);
    const disconnect =
      disconnectAfterMs === null
        ? undefined
        : setTimeout(() => request.destroy(new Error("disconnected")), disconnectAfterMs);
    request.once("error", (error) => lost(error.message));
    request.once("close", () => {
      clearTimeout(timeout);
      clearTimeout(disconnect);
    });
    request.end(body);
  });
}
