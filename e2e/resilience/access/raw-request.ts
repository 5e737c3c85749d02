import http from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

/** A request as it is sent: unlike with fetch, the target isn't normalized. */
export interface RawRequest {
  method: string;
  /** What stands in the request line: path and query, or an absolute URL. */
  target: string;
  /** A list is sent as several header lines. */
  headers: Record<string, string | string[]>;
  body?: Buffer;
}

export interface RawResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const TIMEOUT_MS = 60_000;
const BODY_BYTES_MAX = 4_000_000;

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** Sends one request to the deployment at `base` and reads the whole response. Throws when none comes in time. */
export function send(base: string, { method, target, headers, body }: RawRequest): Promise<RawResponse> {
  const { host, port } = new URL(base);
  const all = { host, ...headers, ...(body === undefined ? {} : { "content-length": String(body.length) }) };
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      method,
      path: target,
      headers: all,
      agent,
      timeout: TIMEOUT_MS,
    };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length <= BODY_BYTES_MAX) chunks.push(chunk);
      });
      response.once("error", reject);
      response.once("end", () => {
        const { statusCode = 0, headers: received } = response;
        resolve({ status: statusCode, headers: received, body: textOf(Buffer.concat(chunks), received) });
      });
    });
    request.once("timeout", () =>
      request.destroy(new Error(`no response from ${target} in ${TIMEOUT_MS} ms`)),
    );
    request.once("error", reject);
    request.end(body);
  });
}

function textOf(body: Buffer, headers: http.IncomingHttpHeaders): string {
  if (body.length === 0) return "";
  const encoding = headers["content-encoding"];
  const plain =
    encoding === "gzip" ? gunzipSync(body) : encoding === "br" ? brotliDecompressSync(body) : body;
  return plain.toString("utf8");
}
