const SEGMENT_LENGTH_MAX = 40;
const PATH_LENGTH_MAX = 300;

/** Paths that are followed by a secret token. */
const TOKEN_LINK = /^((?:\/(?:fr|en))?\/+(?:r|join|take-over|v|not-me)\/+)[^/]+/;

/**
 * A path as the log shows it: never its query, which may carry a code or a token, nor a segment that is longer than any of
 * ours, which may be a key that somebody pasted into an address, nor the token of a link.
 */
export function shownPath(path: string): string {
  const segments = path
    .replace(TOKEN_LINK, "$1…")
    .split("/")
    .map((each) => (each.length > SEGMENT_LENGTH_MAX ? "…" : each));
  return segments.join("/").slice(0, PATH_LENGTH_MAX);
}
