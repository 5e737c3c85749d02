// What Next, React's decoder of server action arguments, busboy and undici say of a body that they can't read.
const DECODE_MESSAGES = [
  /^Body exceeded /,
  /^Malformed (content type|part header|urlencoded form)/,
  /^Missing Content-Type/,
  /^Multipart: Boundary not found/,
  /^Unsupported content type: /,
  /^Unexpected end of (form|file)/,
  /^Failed to parse body as FormData/,
  /^Content-Type was not one of /,
  /^Invalid Server Actions request/,
  /^Invariant: Missing `host` header from a forwarded Server Actions request/,
  /^Server Action arguments list is too long/,
  /^Server Function has too many bound arguments/,
  /^Could not find the module .* in the React Server Manifest/,
  /^Could not reference an opaque temporary reference/,
  /^Maximum array nesting exceeded/,
  /^BigInt is too large/,
  /^Connection closed\.$/,
  /^Already initialized (Iterator|Map|Set|stream|typed array)/,
  /^Invalid (Iterator initializer|Map initializer|Set initializer|data for bytes stream|forward reference|reference)/,
  /^Expected an initialized chunk/,
  /^Referenced Blob is not a Blob/,
  /^Cannot have cyclic thenables/,
];

const FRAME = /^\s+at .*/gm;
const NEXT_FRAME = /[\\/]next[\\/]dist[\\/]/;
// Turbopack bundles some of Next's own modules into chunks of the build, which it names for them.
const OUTSIDE_FRAME =
  /(?:[\\/]\.next[\\/](?!server[\\/]chunks[\\/](?:ssr[\\/])?node_modules_next_dist_)|[\\/]node_modules[\\/](?!next[\\/]dist[\\/]))/;

/** React's decoder trips over values of another kind than it expects: a built-in error, raised without any code but Next's. */
function isRaisedByDecoder(error: Error): boolean {
  const isBuiltIn = error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
  const frames = error.stack?.match(FRAME) ?? [];
  return (
    isBuiltIn &&
    frames.some((frame) => NEXT_FRAME.test(frame)) &&
    !frames.some((frame) => OUTSIDE_FRAME.test(frame))
  );
}

/** True when Next or Node failed to read what a caller posted as a form or as a server action's arguments. */
export function isDecodeError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return DECODE_MESSAGES.some((message) => message.test(error.message)) || isRaisedByDecoder(error);
}
