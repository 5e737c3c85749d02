import http from "node:http";
import https from "node:https";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const ANSWER_WITHIN_MS = 30_000;
const REDIRECTS_MAX = 5;

/** What a server sent for one address. */
export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Bytes of the body as they were sent, compressed or not; headers aren't counted. */
  sentBytes: number;
  /** The body, decompressed. */
  body: Buffer;
}

interface RequestOptions {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: Buffer;
}

/** One request as a browser without a cache sends it. fetch wouldn't do: it hides how many bytes were sent. */
function askOnce(url: URL, { method = "GET", headers = {}, body }: RequestOptions = {}): Promise<Answer> {
  const { request } = url.protocol === "https:" ? https : http;
  const all = {
    accept: "text/html,application/xhtml+xml,*/*;q=0.8",
    "accept-encoding": "gzip, br",
    "accept-language": "fr",
    ...(body === undefined ? {} : { "content-length": String(body.length) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: all, timeout: ANSWER_WITHIN_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const sent = Buffer.concat(chunks);
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, sentBytes: sent.length, body: decompress(sent, headers) });
      });
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`${url.pathname} didn't answer in time.`)));
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

function decompress(sent: Buffer, headers: http.IncomingHttpHeaders): Buffer {
  if (sent.length === 0) return sent;
  switch (headers["content-encoding"]) {
    case "gzip":
      return gunzipSync(sent);
    case "br":
      return brotliDecompressSync(sent);
    default:
      return sent;
  }
}

/** A browser's cookies for one site: names and values, no expiry. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  constructor(readonly base: URL) {}

  async ask(path: string, options: RequestOptions = {}): Promise<Answer> {
    const url = new URL(path, this.base);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const isOurs = url.origin === this.base.origin;
    const headers = { ...options.headers, ...(isOurs && cookie !== "" ? { cookie } : {}) };
    const answer = await askOnce(url, { ...options, headers });
    for (const line of answer.headers["set-cookie"] ?? []) this.#keep(line);
    return answer;
  }

  /** Like {@link ask}, and follows redirects; answers the last address too. */
  async follow(path: string, options: RequestOptions = {}): Promise<Answer & { url: URL }> {
    let url = new URL(path, this.base);
    let answer = await this.ask(url.href, options);
    for (let hop = 0; hop < REDIRECTS_MAX; hop += 1) {
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status > 399 || location === undefined) break;
      url = new URL(location, url);
      answer = await this.ask(url.href);
    }
    return { ...answer, url };
  }

  #keep(line: string): void {
    const pair = line.split(";", 1)[0] ?? "";
    const name = pair.slice(0, pair.indexOf("=")).trim();
    const value = pair.slice(pair.indexOf("=") + 1).trim();
    const isGone = value === "" || /;\s*max-age=0/i.test(line);
    if (isGone) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
