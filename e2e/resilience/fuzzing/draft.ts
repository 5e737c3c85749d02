import { multipart } from "../multipart";
import type { Random } from "../random";

/** What kind of endpoint a request is for: each has its own rules for responses. */
export type EndpointKind = "api" | "webhook" | "auth" | "page" | "action" | "file" | "missing";

/** A form's fields in order; a name may come twice. */
export type Fields = [name: string, value: string][];

export type Content =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "form"; fields: Fields }
  | { kind: "bytes"; bytes: Buffer; type: string };

/** How the body is framed. Malformed framings get a connection of their own. */
export type Framing =
  | "length"
  | "chunked"
  | "length too short"
  | "length too long"
  | "both"
  | "half"
  | "slow";

/** A request before it is serialized, so that each layer of it can be mutated. */
export interface Draft {
  /** Names the endpoint in violations: `POST /api/wallet/transfer`, `action putMoney by script`. */
  endpoint: string;
  kind: EndpointKind;
  method: string;
  target: string;
  headers: [name: string, value: string][];
  content: Content;
  /** The statuses that the OpenAPI document has for the operation at `path`. */
  documented?: { path: string; statuses: readonly string[] };
  /** Makes a provider's signature header from the final bytes of the body. */
  sign?: (body: Buffer) => [name: string, value: string];
  framing: Framing;
  /** Names of the mutations that were applied. */
  mutations: string[];
}

export interface Written {
  bytes: Buffer;
  isHead: boolean;
  /** False if the server may close the connection because of it. */
  isWellFramed: boolean;
}

const LATIN = "latin1";
const SLOW_PIECES = 4;

/** Serializes a draft. */
export function writeDraft(draft: Draft, host: string, random: Random): Written {
  const body = bytesOf(draft.content);
  const headers = [...draft.headers];
  const has = (name: string) => headers.some(([each]) => each.toLowerCase() === name);
  if (!has("host")) headers.unshift(["Host", host]);
  if (draft.content.kind !== "none" && body.type !== "" && !has("content-type"))
    headers.push(["Content-Type", body.type]);
  if (draft.sign) headers.push(draft.sign(body.bytes));
  const framed = frame(draft, body.bytes, random);
  headers.push(...framed.headers);
  const head = [
    `${draft.method} ${draft.target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  return {
    bytes: Buffer.concat([Buffer.from(head, LATIN), framed.bytes]),
    isHead: draft.method === "HEAD",
    isWellFramed: draft.framing === "length" || draft.framing === "chunked" || draft.framing === "slow",
  };
}

function frame(
  { framing, content }: Draft,
  body: Buffer,
  random: Random,
): { headers: [string, string][]; bytes: Buffer } {
  const length = (by: number): [string, string] => ["Content-Length", String(Math.max(0, body.length + by))];
  switch (framing) {
    case "chunked":
      return { headers: [["Transfer-Encoding", "chunked"]], bytes: chunked(body, random) };
    case "length too short":
      return { headers: [length(-random.int(1, 5))], bytes: body };
    case "length too long":
      return { headers: [length(random.int(1, 50))], bytes: body };
    case "both":
      return { headers: [["Transfer-Encoding", "chunked"], length(0)], bytes: chunked(body, random) };
    case "half":
      return { headers: [length(1)], bytes: body.subarray(0, Math.floor(body.length / 2)) };
    default:
      return content.kind === "none" ? { headers: [], bytes: body } : { headers: [length(0)], bytes: body };
  }
}

function chunked(body: Buffer, random: Random): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  while (from < body.length) {
    const size = Math.min(
      body.length - from,
      random.int(1, Math.max(1, Math.ceil(body.length / SLOW_PIECES))),
    );
    const extension = random.chance(0.2) ? ";a=b" : "";
    parts.push(Buffer.from(`${size.toString(16)}${extension}\r\n`), body.subarray(from, from + size));
    parts.push(Buffer.from("\r\n"));
    from += size;
  }
  const trailer = random.chance(0.2) ? "X-Trailer: late\r\n" : "";
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

/** The body and its content type. */
export function bytesOf(content: Content): { bytes: Buffer; type: string } {
  switch (content.kind) {
    case "none":
      return { bytes: Buffer.alloc(0), type: "" };
    case "json":
      return { bytes: Buffer.from(jsonText(content.value)), type: "application/json" };
    case "form":
      return multipart(content.fields);
    case "bytes":
      return content;
  }
}

// JSON.stringify throws for very deep nesting.
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "[".repeat(1_000);
  }
}

/** Sets a header, replacing those of the same name. */
export function setHeader(draft: Draft, name: string, value: string): void {
  draft.headers = draft.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  draft.headers.push([name, value]);
}
