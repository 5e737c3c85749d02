import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

/** Something small that never changes while the process runs, ready to be sent. */
export interface CachedFile {
  type: string;
  /** Of its bytes: an ETag, and the version in its address. */
  hash: string;
  plain: Uint8Array<ArrayBuffer>;
  gzipped: Uint8Array<ArrayBuffer>;
}

/** Compresses once: half of our readers pay for each kilobyte. */
export async function cacheFile(
  content: Uint8Array<ArrayBuffer> | string,
  type: string,
): Promise<CachedFile> {
  const plain = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const hash = createHash("sha256").update(plain).digest("base64url").slice(0, 16);
  return { type, hash, plain, gzipped: new Uint8Array(await compress(plain, { level: 9 })) };
}

/** The file, or 304 for whoever has it (RFC 9110 §13.1.2). */
export function sendFile(
  request: Request,
  file: CachedFile,
  headers: Readonly<Record<string, string>>,
): Response {
  const isGzipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(
    request.headers.get("accept-encoding") ?? "",
  );
  const etag = `"${file.hash}${isGzipped ? "-gzip" : ""}"`;
  const kept = { ...headers, etag, vary: "Accept-Encoding" };
  const known = (request.headers.get("if-none-match") ?? "").split(",").map((tag) => tag.trim());
  if (known.some((tag) => tag === "*" || tag.replace(/^W\//, "") === etag)) {
    return new Response(null, { status: 304, headers: kept });
  }
  const encoding = isGzipped ? { "content-encoding": "gzip" } : {};
  const body = isGzipped ? file.gzipped : file.plain;
  return new Response(body, { headers: { ...kept, ...encoding, "content-type": file.type } });
}
