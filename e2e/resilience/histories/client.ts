import http from "node:http";

/** One request of a client that may lose patience. */
export interface Asked {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Closes the connection after this, whatever became of the request; null waits. */
  hangUpAfterMs?: number | null;
}

interface Times {
  /** Milliseconds since 1970, before the first byte went out and after the last came in. */
  startedAt: number;
  endedAt: number;
}

export type Heard = Times &
  (
    | { kind: "answer"; status: number; headers: http.IncomingHttpHeaders; text: string }
    /** Nobody knows whether it was carried out. */
    | { kind: "lost"; why: string }
  );

export interface Client {
  ask(asked: Asked): Promise<Heard>;
  close(): void;
}

const PATIENCE_MS = 60_000;

/** Milliseconds since 1970 with their fraction, by the clock that the database reads too. */
export function clockMs(): number {
  return Date.now();
}

/** Speaks HTTP to one server over connections that are kept, as `localhost` whatever that resolves to. */
export function createClient(url: string): Client {
  const { port, host } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  return {
    ask: (asked) => ask({ agent, port, host }, asked),
    close: () => agent.destroy(),
  };
}

function ask(
  { agent, port, host }: { agent: http.Agent; port: string; host: string },
  { method, path, headers = {}, body, hangUpAfterMs = null }: Asked,
): Promise<Heard> {
  const startedAt = clockMs();
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve) => {
    const lost = (why: string) => resolve({ kind: "lost", why, startedAt, endedAt: clockMs() });
    const request = http.request(
      { agent, host: "127.0.0.1", port, path, method, headers: { ...headers, ...length, host } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", (error) => lost(error.message));
        response.once("aborted", () => lost("the answer was cut off"));
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const { statusCode = 0, headers: said } = response;
          resolve({ kind: "answer", status: statusCode, headers: said, text, startedAt, endedAt: clockMs() });
        });
      },
    );
    const patience = setTimeout(() => request.destroy(new Error("it took too long")), PATIENCE_MS);
    const hangUp =
      hangUpAfterMs === null
        ? undefined
        : setTimeout(() => request.destroy(new Error("hung up")), hangUpAfterMs);
    request.once("error", (error) => lost(error.message));
    request.once("close", () => {
      clearTimeout(patience);
      clearTimeout(hangUp);
    });
    request.end(body);
  });
}
