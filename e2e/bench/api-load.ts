import http from "node:http";
import { runCallers } from "./run-callers";

export interface ApiRequest {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface ApiLoad {
  /** Without a slash at the end. */
  url: string;
  connections: number;
  durationMs: number;
  signal: AbortSignal;
}

export interface ApiResult {
  count: number;
  perSecond: number;
  /** Of one request. */
  medianMs: number;
  slowestHundredthMs: number;
}

/**
 * As many callers as connections, each sending its next request when it is answered. `count` reads from an answer how much
 * was done. Throws when an answer isn't 200.
 */
export async function runRequests(
  { url, connections, durationMs, signal }: ApiLoad,
  next: () => ApiRequest,
  count: (body: string) => number = () => 1,
): Promise<ApiResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const elapsed: number[] = [];
  try {
    const { count: total, perSecond } = await runCallers(
      { callers: connections, durationMs, signal },
      async () => {
        const from = performance.now();
        const body = await send(agent, url, next());
        elapsed.push(performance.now() - from);
        return count(body);
      },
    );
    elapsed.sort((a, b) => a - b);
    const percentile = (share: number) => elapsed[Math.floor(elapsed.length * share)] ?? Number.NaN;
    return { count: total, perSecond, medianMs: percentile(0.5), slowestHundredthMs: percentile(0.99) };
  } finally {
    agent.destroy();
  }
}

function send(agent: http.Agent, url: string, { method, path, headers, body }: ApiRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const sized =
      body === undefined ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
    const request = http.request(`${url}${path}`, { method, headers: sized, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode === 200) resolve(text);
        else
          reject(
            new Error(`${method} ${path.split("?")[0]} was answered with ${response.statusCode}: ${text}`),
          );
      });
    });
    request.once("error", reject);
    request.end(body);
  });
}
