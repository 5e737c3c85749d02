import { groupReference } from "@/lib/ids";
import type { HttpResponse } from "../requests/http";

/** A piece of React's stream in a page: a script that hands a text to the reader. */
const PIECE = /<script[^>]*>self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)<\/script>/g;
const TEXT_ROW = /^[0-9a-f]+:T([0-9a-f]+),/;
/** A row's number, its kind (none for a value), and its JSON. */
const ROW = /^([0-9a-f]*):([A-Z]*)(.*)$/s;
/** Stands for another row of the stream, or for a part of it. A text that begins with $ has two of them. */
const REFERENCE = /^\$[LhQWBFKiG@]?([0-9a-f]+)((?::[^:]+)*)$/;
const ELEMENT_PARTS: Readonly<Record<string, number>> = { type: 1, key: 2, props: 3 };
const NEWLINE = 0x0a;

/**
 * A response without what differs each time (nonces, request ids, the order in which parts of a page got ready) and without the
 * requested ids. React numbers the rows of its stream as they get ready: each is put where another row refers to it.
 */
export function comparable({ status, body, headers }: HttpResponse, ids: readonly string[]): string {
  const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
  const names = [...ids, ...ids.map(groupReference), nonce].filter((id) => id !== "");
  // Alone: a short number may also stand within a request id.
  const alone = (id: string) =>
    new RegExp(`(?<![0-9A-Za-z])${id.replace(/\W/g, "\\$&")}(?![0-9A-Za-z])`, "g");
  const plain = names.reduce((text, id) => text.replace(alone(id), "·"), withWholeStream(body, headers));
  return `${status} ${plain.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "·")}`;
}

function withWholeStream(body: string, headers: HttpResponse["headers"]): string {
  if (headers["content-type"]?.startsWith("text/x-component")) return wholeStream(body);
  const stream = [...body.matchAll(PIECE)].map(([, text = '""']) => JSON.parse(text) as string).join("");
  return body.replace(PIECE, "") + wholeStream(stream);
}

interface Rows {
  /** By number; hints and other rows without one stand apart. */
  values: ReadonlyMap<string, unknown>;
  unnumbered: readonly string[];
}

/** What the stream says: its first row with all that it refers to, then what nothing refers to, sorted. */
function wholeStream(stream: string): string {
  const { values, unnumbered } = readRows(Buffer.from(stream));
  const used = new Set<string>();
  const resolve = (value: unknown, within: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((each) => resolve(each, within));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each, within)]));
    }
    const [text = "", id = "", path = ""] = typeof value === "string" ? (REFERENCE.exec(value) ?? []) : [];
    if (!values.has(id)) return value;
    used.add(id);
    if (within.includes(text)) return "an outer part";
    return resolve(partOf(values, id, path.split(":").slice(1)), [...within, text]);
  };
  const textOf = (id: string) => JSON.stringify(resolve(values.get(id), [`$${id}`]));
  const first = values.has("0") ? [textOf("0")] : [];
  used.add("0");
  const rest = [...values.keys()].filter((id) => !used.has(id)).map((id) => [id, textOf(id)] as const);
  const unused = rest.filter(([id]) => !used.has(id)).map(([, text]) => text);
  return [...first, ...unused.sort(), ...[...unnumbered].sort()].join("\n");
}

/** The part of a row at a path such as `props:children:0`. */
function partOf(values: Rows["values"], id: string, path: readonly string[]): unknown {
  let value = values.get(id);
  for (const name of path) {
    const [, next = ""] = typeof value === "string" ? (REFERENCE.exec(value) ?? []) : [];
    if (values.has(next)) value = values.get(next);
    const isElement = Array.isArray(value) && value[0] === "$" && name in ELEMENT_PARTS;
    value = (value as Record<string, unknown> | null)?.[isElement ? String(ELEMENT_PARTS[name]) : name];
  }
  return value;
}

function readRows(stream: Buffer): Rows {
  const values = new Map<string, unknown>();
  const unnumbered: string[] = [];
  for (let rest = stream; rest.length > 0; ) {
    const length = lengthOfRow(rest);
    const row = rest.subarray(0, length).toString();
    rest = rest.subarray(length);
    const [, id = "", kind = "", json = row] = ROW.exec(row) ?? [];
    // Kinds but for a text's are written down, so that another kind is another value.
    if (id === "") unnumbered.push(row);
    else if (kind === "T") values.set(id, json.slice(json.indexOf(",") + 1));
    else values.set(id, kind === "" ? parsed(json) : { kind, value: parsed(json) });
  }
  return { values, unnumbered };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** A row ends with its line; one of a text has its length in bytes before it, and ends with it. */
function lengthOfRow(bytes: Buffer): number {
  const head = TEXT_ROW.exec(bytes.subarray(0, 40).toString("latin1"));
  if (head !== null) return head[0].length + Number.parseInt(head[1] ?? "0", 16);
  const end = bytes.indexOf(NEWLINE);
  return end < 0 ? bytes.length : end + 1;
}
