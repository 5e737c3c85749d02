const PATH_LENGTH_MAX = 2_000;
// A made-up origin, to resolve paths with the URL parser.
const NOWHERE = "http://nowhere.invalid";
// C0 controls are dropped by URL parsers, so "/\t/evil" would become "//evil"; a backslash counts as a slash.
const HAS_TRICKS = /[\p{Cc}\\]/u;

/** The path and query of an address on this site; null for anything else or ambiguous. The fragment is dropped. */
export function safePath(value: unknown): string | null {
  if (typeof value !== "string" || value.length > PATH_LENGTH_MAX) return null;
  if (!value.startsWith("/") || value.startsWith("//") || HAS_TRICKS.test(value)) return null;
  if (!URL.canParse(value, NOWHERE)) return null;
  const url = new URL(value, NOWHERE);
  // "/.//evil" and the like end as a path with two slashes in front.
  if (url.origin !== NOWHERE || url.pathname.startsWith("//")) return null;
  return url.pathname + url.search;
}

/** The same for an address that may be absolute: then its origin must be `origin`. */
export function safeUrlPath(value: string, origin: string): string | null {
  if (!value.startsWith(`${origin}/`)) return value === origin ? "/" : safePath(value);
  return safePath(value.slice(origin.length));
}
