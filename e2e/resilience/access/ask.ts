import http from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

/** A request as it goes over the wire: the target isn't tidied up on its way. */
export interface Asked {
  method: string;
  /** Path and query, or whatever else stands in the request line. */
  target: string;
  /** A list is sent as several lines. */
  headers: Record<string, string | string[]>;
  body?: Buffer;
}

export interface Answered {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const ANSWER_WITHIN_MS = 60_000;
const BODY_BYTES_MAX = 4_000_000;

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** Sends one request and reads its whole answer. Throws when there is none. */
export function ask(base: string, { method, target, headers, body }: Asked): Promise<Answered> {
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
      timeout: ANSWER_WITHIN_MS,
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
        const { statusCode = 0, headers: got } = response;
        resolve({ status: statusCode, headers: got, body: textOf(Buffer.concat(chunks), got) });
      });
    });
    request.once("timeout", () => request.destroy(new Error(`${target} didn't answer in time`)));
    request.once("error", reject);
    request.end(body);
  });
}

function textOf(sent: Buffer, headers: http.IncomingHttpHeaders): string {
  if (sent.length === 0) return "";
  const encoding = headers["content-encoding"];
  const plain =
    encoding === "gzip" ? gunzipSync(sent) : encoding === "br" ? brotliDecompressSync(sent) : sent;
  return plain.toString("utf8");
}

/** `fields` as a browser posts a form with files allowed. */
export function multipart(fields: readonly (readonly [string, string])[]): { type: string; body: Buffer } {
  const boundary = "----cauris-doors-7f3b2a";
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${parts.join("")}--${boundary}--\r\n`),
  };
}
