import type { Random } from "../random";

/** Which door a request knocks at; each has its own rules for answers. */
export type Lane = "api" | "webhook" | "auth" | "page" | "action" | "file" | "nowhere";

/** A form's fields in order; a name may come twice. */
export type Fields = [name: string, value: string][];

export type Content =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "form"; fields: Fields }
  | { kind: "bytes"; bytes: Buffer; type: string };

/** How the body is announced and cut: what a well-behaved client would never do has a connection of its own. */
export type Framing =
  | "length"
  | "chunked"
  | "length too short"
  | "length too long"
  | "both"
  | "half"
  | "slow";

/** A request that isn't written yet, so that each layer of it can be spoilt by itself. */
export interface Draft {
  /** For violations: `POST /api/wallet/transfer`, `putMoney by script`. */
  door: string;
  lane: Lane;
  method: string;
  target: string;
  headers: [name: string, value: string][];
  content: Content;
  /** Written over the finished bytes: a provider's signature. */
  seal?: (body: Buffer) => [name: string, value: string];
  framing: Framing;
  /** What was done to it, by name. */
  mutations: string[];
  /** Called with the answer, when one came. */
  learn?: (status: number, body: Buffer) => void;
}

export interface Written {
  bytes: Buffer;
  isHead: boolean;
  /** False: whoever sends it has to expect that the connection ends. */
  isWellFramed: boolean;
}

const LATIN = "latin1";
const SLOW_PIECES = 4;

/** The draft as bytes for the wire. */
export function writeDraft(draft: Draft, host: string, random: Random): Written {
  const body = bytesOf(draft.content);
  const headers = [...draft.headers];
  const has = (name: string) => headers.some(([each]) => each.toLowerCase() === name);
  if (!has("host")) headers.unshift(["Host", host]);
  if (draft.content.kind !== "none" && body.type !== "" && !has("content-type"))
    headers.push(["Content-Type", body.type]);
  if (draft.seal) headers.push(draft.seal(body.bytes));
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

/** The body by itself, with the content type that it has by nature. */
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

// JSON.stringify throws for what nests very deep, and for nothing else that is drawn here.
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "[".repeat(1_000);
  }
}

export const BOUNDARY = "----CaurisProof7MA4YWxk";

/** As browsers write a form: quotes and line ends in names escaped (WHATWG HTML, multipart form data). */
function multipart(fields: Fields): { bytes: Buffer; type: string } {
  const escaped = (name: string) =>
    name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
  const parts = fields.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}\r\n`,
  );
  return {
    bytes: Buffer.from(`${parts.join("")}--${BOUNDARY}--\r\n`),
    type: `multipart/form-data; boundary=${BOUNDARY}`,
  };
}
