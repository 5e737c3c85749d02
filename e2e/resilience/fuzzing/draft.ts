import type { Random } from "../random";
import { type HttpRequest, serialize } from "../requests/http";

/** How the body is framed, from well-framed to malformed. */
export const FRAMINGS = ["chunked", "slow", "length too short", "length too long", "both", "half"] as const;
export type Framing = "length" | (typeof FRAMINGS)[number];

/** What a mutation changes. */
export type Family = "fields" | "bodies" | "headers" | "addresses" | "methods" | "framings";

/** A request before it is serialized. */
export interface Draft {
  /** Names the endpoint in violations. */
  endpoint: string;
  /** What kind of endpoint it is for: each has its own rules for responses. */
  kind: "call" | "webhook" | "page" | "action" | "file" | "other";
  request: HttpRequest;
  /** Of the endpoint: a request with another path may reach another one. */
  path: string;
  /** The statuses that the OpenAPI document has for a call. */
  statuses?: readonly string[] | undefined;
  /** Makes a provider's signature header from the final bytes of the body. */
  sign?: (body: Buffer) => HttpRequest["headers"];
  framing: Framing;
  /** The mutations that were applied. */
  mutations: { family: Family; name: string }[];
}

export const pathOf = ({ target }: HttpRequest): string => target.split("?", 1)[0] ?? "/";

/** False if the server may close the connection because of the framing. */
export function isWellFramed({ framing }: Draft): boolean {
  return framing === "length" || framing === "chunked" || framing === "slow";
}

/** Signs, frames and serializes a draft. */
export function writeDraft({ request, sign, framing }: Draft, host: string, random: Random): Buffer {
  const { body } = request;
  if (body === undefined) return serialize(request, host);
  const framed = frame(framing, body, random);
  const headers = { ...request.headers, ...sign?.(body), ...framed.headers };
  return serialize({ ...request, headers, body: framed.body }, host);
}

function frame(framing: Framing, body: Buffer, random: Random) {
  const chunks = { "transfer-encoding": "chunked" };
  const length = (bytes: number) => ({ "content-length": String(Math.max(0, bytes)) });
  switch (framing) {
    case "chunked":
      return { headers: chunks, body: chunked(body, random) };
    case "both":
      return { headers: { ...chunks, ...length(body.length) }, body: chunked(body, random) };
    case "length too short":
      return { headers: length(body.length - random.int(1, 5)), body };
    case "length too long":
      return { headers: length(body.length + random.int(1, 50)), body };
    case "half":
      return { headers: length(body.length + 1), body: body.subarray(0, Math.floor(body.length / 2)) };
    default:
      return { headers: {}, body };
  }
}

/** Chunks of random sizes, some with an extension, and a trailer. */
function chunked(body: Buffer, random: Random): Buffer {
  const parts: Buffer[] = [];
  const sizeMax = Math.max(1, Math.ceil(body.length / 4));
  for (let from = 0; from < body.length; ) {
    const part = body.subarray(from, from + random.int(1, sizeMax));
    const extension = random.chance(0.2) ? ";a=b" : "";
    parts.push(Buffer.from(`${part.length.toString(16)}${extension}\r\n`), part, Buffer.from("\r\n"));
    from += part.length;
  }
  const trailer = random.chance(0.2) ? "X-Trailer: late\r\n" : "";
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}
