import type { IncomingMessage, ServerResponse } from "node:http";
import { type BrotliCompress, constants, createBrotliCompress, createGzip, type Gzip } from "node:zlib";

const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:javascript|json|manifest\+json|rss\+xml|xml)|image\/svg\+xml)/;
/** Shorter ones grow, or save less than a packet. */
const BYTES_MIN = 1_024;
// Pages are made anew for each visit: level 5 of brotli costs as much time as gzip and saves a tenth more.
const BROTLI_LEVEL = 5;

type Encoding = "br" | "gzip";
type Compressor = BrotliCompress | Gzip;

/** The coding that the browser takes and that saves more (RFC 9110 §12.5.3); null for none. */
export function chooseEncoding(accepted: string | undefined): Encoding | null {
  const codings = (accepted ?? "").toLowerCase().split(",");
  const takes = (name: string) =>
    codings.some((coding) => {
      const [token = "", ...parameters] = coding.split(";").map((part) => part.trim());
      return token === name && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    });
  return takes("br") ? "br" : takes("gzip") ? "gzip" : null;
}

function createCompressor(encoding: Encoding): Compressor {
  if (encoding === "gzip") return createGzip();
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL } });
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

/** Compresses what is written to the response from now on, where its browser takes that. Call it before anything is written. */
export function compressAnswer(request: IncomingMessage, response: ServerResponse): void {
  const encoding = chooseEncoding(request.headers["accept-encoding"]?.toString());
  if (encoding === null || request.method === "HEAD") return;
  const raw = {
    writeHead: response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse,
    write: response.write.bind(response) as (chunk: unknown) => boolean,
    end: response.end.bind(response) as (...all: unknown[]) => ServerResponse,
  };
  let compressor: Compressor | undefined;
  response.writeHead = (...all: unknown[]) => {
    if (isCompressible(response)) {
      compressor = startCompressor(encoding, response, raw);
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
  response.appendHeader("vary", "Accept-Encoding");
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
