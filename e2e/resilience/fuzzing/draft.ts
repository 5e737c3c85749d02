import { multipart } from "../multipart";
import type { Random } from "../random";
import type { Fields } from "../requests/action-request";
import { type HttpRequest, serialize } from "../requests/http";
import type { Target, Variant } from "../requests/variants";

/** What kind of endpoint a request is for: each has its own rules for responses. */
export type EndpointKind = "api" | "webhook" | "auth" | "page" | "action" | "file" | "missing";

export type Content =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "form"; fields: Fields }
  | { kind: "bytes"; bytes: Buffer; type: string };

/** How the body is framed, from well-framed to malformed. */
export const FRAMINGS = ["chunked", "slow", "length too short", "length too long", "both", "half"] as const;
export type Framing = "length" | (typeof FRAMINGS)[number];

/** What a mutation changes. */
export const FAMILIES = ["fields", "bodies", "headers", "addresses", "methods", "framings"] as const;
export type Family = (typeof FAMILIES)[number];

/** A request before it is serialized, so that each layer of it can be mutated. */
export interface Draft extends Omit<HttpRequest, "body"> {
  /** Names the endpoint in violations: `POST /api/wallet/transfer`, `action putMoney by script`. */
  endpoint: string;
  kind: EndpointKind;
  content: Content;
  /** The statuses that the OpenAPI document has for the operation at `path`. */
  documented?: { path: string; statuses: readonly string[] };
  /** Makes a provider's signature header from the final bytes of the body. */
  sign?: (body: Buffer) => HttpRequest["headers"];
  framing: Framing;
  /** The mutations that were applied. */
  mutations: { family: Family; name: string }[];
}

/** A draft without mutations. */
export function plainDraft(parts: Pick<Draft, "endpoint" | "kind" | "target"> & Partial<Draft>): Draft {
  return {
    method: "GET",
    headers: {},
    content: { kind: "none" },
    framing: "length",
    mutations: [],
    ...parts,
  };
}

/** False if the server may close the connection because of the framing. */
export function isWellFramed({ framing }: Draft): boolean {
  return framing === "length" || framing === "chunked" || framing === "slow";
}

/** Changes a draft as one of access control's bypass variants. */
export function applyVariant(draft: Draft, variant: Variant, target: Target): void {
  const { bytes } = bytesOf(draft.content);
  const body = draft.content.kind === "none" ? {} : { body: bytes };
  const changed = variant(
    { method: draft.method, target: draft.target, headers: draft.headers, ...body },
    target,
  );
  if (changed === null) return;
  const { body: changedBody, ...head } = changed;
  Object.assign(draft, head);
  if (changedBody === undefined) draft.content = { kind: "none" };
  else if (changedBody !== bytes) draft.content = { kind: "bytes", bytes: changedBody, type: "" };
}

/** Serializes a draft. */
export function writeDraft(draft: Draft, host: string, random: Random): Buffer {
  const { bytes, type } = bytesOf(draft.content);
  const typed = type === "" ? {} : { "content-type": type };
  const signed = draft.sign?.(bytes) ?? {};
  const framed = draft.content.kind === "none" ? {} : frame(draft.framing, bytes, random);
  const headers = { ...typed, ...draft.headers, ...signed, ...framed.headers };
  return serialize({ ...draft, headers, ...(framed.body ? { body: framed.body } : {}) }, host);
}

function frame(
  framing: Framing,
  body: Buffer,
  random: Random,
): Partial<Pick<HttpRequest, "headers" | "body">> {
  const chunks = { "transfer-encoding": "chunked" };
  const withLength = (length: number) => ({
    headers: { "content-length": String(Math.max(0, length)) },
    body,
  });
  switch (framing) {
    case "chunked":
      return { headers: chunks, body: chunked(body, random) };
    case "both":
      return { headers: { ...chunks, ...withLength(body.length).headers }, body: chunked(body, random) };
    case "length too short":
      return withLength(body.length - random.int(1, 5));
    case "length too long":
      return withLength(body.length + random.int(1, 50));
    case "half":
      return { ...withLength(body.length + 1), body: body.subarray(0, Math.floor(body.length / 2)) };
    default:
      return { body };
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

/** The body and its content type. */
export function bytesOf(content: Content): { bytes: Buffer; type: string } {
  switch (content.kind) {
    case "none":
      return { bytes: Buffer.alloc(0), type: "" };
    case "json":
      return { bytes: Buffer.from(JSON.stringify(content.value) ?? ""), type: "application/json" };
    case "form":
      return multipart(content.fields);
    case "bytes":
      return content;
  }
}
