/** What a file is saved as. */
export interface DownloadedFile {
  /** Such as `application/pdf`. */
  type: string;
  /** As people see it, with its ending; letters of any script. */
  name: string;
  /** Where it is known before the end. */
  byteCount?: bigint | null;
}

/**
 * A person's file to be saved (RFC 6266): kept by no cache, and never shown as something else than it is. `private` as every
 * page of one person is.
 */
export function fileResponse(
  body: ReadableStream<Uint8Array> | string,
  { type, name, byteCount = null }: DownloadedFile,
): Response {
  return new Response(body, {
    headers: {
      "Content-Type": type,
      "Content-Disposition": contentDisposition(name),
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
      ...(byteCount === null ? {} : { "Content-Length": byteCount.toString() }),
    },
  });
}

/** With the name in ASCII for old readers, and as it is (RFC 8187). */
export function contentDisposition(name: string): string {
  const ascii = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\w.-]+/g, "-");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
