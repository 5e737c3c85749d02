import type { IncomingMessage, ServerResponse } from "node:http";
import { type BrotliCompress, constants, createBrotliCompress, createGzip, type Gzip } from "node:zlib";

const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:javascript|json|manifest\+json|rss\+xml|xml)|image\/svg\+xml)/;
/** Shorter ones grow, or save less than a packet. */
const BYTES_MIN = 1_024;
// Pages are made anew for each visit: level 5 of brotli costs as much time as gzip and saves a tenth more.
const BROTLI_LEVEL = 5;

/** Each takes some megabytes, as long as its browser reads: above so many at a time it is gzip, which takes a tenth. */
export const BROTLI_STREAMS_MAX = 32;

let brotliStreams = 0;

type Encoding = "br" | "gzip";
type Compressor = BrotliCompress | Gzip;

/** The coding that the browser takes and that saves more (RFC 9110 §12.5.3); null for none. */
export function chooseEncoding(accepted: string | undefined): Encoding | null {
  return takesCoding(accepted, "br") ? "br" : takesCoding(accepted, "gzip") ? "gzip" : null;
}

function takesCoding(accepted: string | undefined, name: Encoding): boolean {
  return (accepted ?? "")
    .toLowerCase()
    .split(",")
    .some((coding) => {
      const [token = "", ...parameters] = coding.split(";").map((part) => part.trim());
      return token === name && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    });
}

function createCompressor(encoding: Encoding): Compressor {
  if (encoding === "gzip") return createGzip();
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL } });
}

/** True for an answer whose bytes depend on Accept-Encoding; a 304 names no type, and stands for one that may. */
function variesByEncoding(response: ServerResponse): boolean {
  const type = response.getHeader("content-type");
  return type === undefined ? response.statusCode === 304 : COMPRESSIBLE.test(String(type));
}

function addVary(response: ServerResponse): void {
  const named = String(response.getHeader("vary") ?? "").toLowerCase();
  if (!/(?:^|,)\s*(?:accept-encoding|\*)\s*(?:,|$)/.test(named))
    response.appendHeader("vary", "Accept-Encoding");
}

function isCompressible(response: ServerResponse): boolean {
  const length = response.getHeader("content-length");
  return (
    response.statusCode !== 204 &&
    response.statusCode !== 206 &&
    response.statusCode !== 304 &&
    !response.hasHeader("content-encoding") &&
    COMPRESSIBLE.test(String(response.getHeader("content-type") ?? "")) &&
    !String(response.getHeader("cache-control") ?? "").includes("no-transform") &&
    (length === undefined || Number(length) >= BYTES_MIN)
  );
}

function withinLimit(encoding: Encoding, accepted: string | undefined): Encoding {
  const isFull = encoding === "br" && brotliStreams >= BROTLI_STREAMS_MAX;
  return isFull && takesCoding(accepted, "gzip") ? "gzip" : encoding;
}

/** Compresses what is written to the response from now on, where its browser takes that. Call it before anything is written. */
export function compressAnswer(request: IncomingMessage, response: ServerResponse): void {
  const accepted = request.headers["accept-encoding"]?.toString();
  const encoding = request.method === "HEAD" ? null : chooseEncoding(accepted);
  const raw = {
    writeHead: response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse,
    write: response.write.bind(response) as (chunk: unknown) => boolean,
    end: response.end.bind(response) as (...all: unknown[]) => ServerResponse,
  };
  let compressor: Compressor | undefined;
  response.writeHead = (...all: unknown[]) => {
    if (typeof all[0] === "number") response.statusCode = all[0];
    if (variesByEncoding(response)) addVary(response);
    if (encoding !== null && isCompressible(response)) {
      compressor = startCompressor(withinLimit(encoding, accepted), response, raw);
    }
    return raw.writeHead(...all);
  };
  response.write = (chunk: unknown) => {
    if (!response.headersSent) response.writeHead(response.statusCode);
    return compressor === undefined ? raw.write(chunk) : compressor.write(chunk);
  };
  response.end = (...all: unknown[]) => {
    if (!response.headersSent) response.writeHead(response.statusCode);
    if (compressor === undefined) return raw.end(...all);
    const [chunk] = all;
    if (typeof chunk === "string" || chunk instanceof Uint8Array) compressor.end(chunk);
    else compressor.end();
    return response;
  };
  // Next calls this after each part of a streamed page.
  Object.assign(response, { flush: () => compressor?.flush() });
}

function startCompressor(
  encoding: Encoding,
  response: ServerResponse,
  raw: { write(chunk: unknown): boolean; end(): ServerResponse },
): Compressor {
  response.removeHeader("content-length");
  response.setHeader("content-encoding", encoding);
  if (encoding === "br") {
    brotliStreams += 1;
    response.once("close", () => {
      brotliStreams -= 1;
    });
  }
  const compressor = createCompressor(encoding);
  compressor.on("data", (chunk: Buffer) => {
    if (!raw.write(chunk)) compressor.pause();
  });
  response.on("drain", () => compressor.resume());
  compressor.on("drain", () => response.emit("drain"));
  compressor.once("end", () => raw.end());
  response.once("close", () => compressor.destroy());
  return compressor;
}
