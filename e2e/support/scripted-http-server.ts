import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with a request: a response, none, a reset connection, or half a response. */
export type Script =
  | { status: number; body?: string | object; headers?: Record<string, string> }
  | "hang"
  | "reset"
  | "half_response";

export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface ScriptedServer {
  url: string;
  requests: RecordedRequest[];
  /** Sets the behaviour for the next requests, one for all or by request. */
  script(next: Script | ((request: RecordedRequest) => Script)): void;
  close(): Promise<void>;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function respond(script: Script, response: ServerResponse): void {
  if (script === "hang") return;
  if (script === "reset") {
    response.socket?.resetAndDestroy();
  } else if (script === "half_response") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"transaction_id": "');
    setImmediate(() => response.socket?.destroy());
  } else {
    const body = typeof script.body === "object" ? JSON.stringify(script.body) : (script.body ?? "");
    response.writeHead(script.status, { "content-type": "application/json", ...script.headers }).end(body);
  }
}

/** A server on loopback that records requests and responds as scripted. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  let script: Script | ((request: RecordedRequest) => Script) = { status: 500 };
  const server = createServer((request, response) => {
    readAll(request).then(
      (body) => {
        const { method = "", url: path = "", headers } = request;
        const recorded = { method, path, headers, body };
        requests.push(recorded);
        respond(typeof script === "function" ? script(recorded) : script, response);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    script(next) {
      script = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
