import type { HttpResponse } from "../requests/http";

/** A piece of React's stream in a page: a script that hands a text to the reader. */
const PIECE = /<script[^>]*>self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)<\/script>/g;
const TEXT_ROW = /^[0-9a-f]+:T([0-9a-f]+),/;
const NEWLINE = 0x0a;

/**
 * A response without what differs each time (nonces, request ids, the order in which parts of a page got ready) and without the
 * requested ids. React names each row of its stream, so that their order means nothing.
 */
export function comparable({ status, body, headers }: HttpResponse, ids: readonly string[]): string {
  const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
  const names = [...ids, nonce].filter((id) => id !== "");
  const plain = names.reduce((text, id) => text.replaceAll(id, "·"), inOrder(body, headers));
  return `${status} ${plain.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "·")}`;
}

function inOrder(body: string, headers: HttpResponse["headers"]): string {
  if (headers["content-type"]?.startsWith("text/x-component")) return sortedRows(body);
  const stream = [...body.matchAll(PIECE)].map(([, text = '""']) => JSON.parse(text) as string).join("");
  return body.replace(PIECE, "") + sortedRows(stream);
}

function sortedRows(stream: string): string {
  const rows: string[] = [];
  for (let rest = Buffer.from(stream); rest.length > 0; ) {
    const length = lengthOfRow(rest);
    rows.push(rest.subarray(0, length).toString());
    rest = rest.subarray(length);
  }
  return rows.sort().join("\n");
}

/** A row ends with its line; one of a text has its length in bytes before it, and ends with it. */
function lengthOfRow(bytes: Buffer): number {
  const head = TEXT_ROW.exec(bytes.subarray(0, 40).toString("latin1"));
  if (head !== null) return head[0].length + Number.parseInt(head[1] ?? "0", 16);
  const end = bytes.indexOf(NEWLINE);
  return end < 0 ? bytes.length : end + 1;
}
