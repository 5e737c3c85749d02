import { safePath } from "@/lib/auth/safe-path";

/** The query of an address, as Next hands it to a page. */
export type Query = Record<string, string | string[] | undefined>;

/** Where to go after signing in: a path on this site without language, or null. */
export function nextOf(query: Query): string | null {
  return safePath(query.next);
}

/** The address of a page that leads to the same place afterwards. */
export function withNext(path: string, next: string | null): string {
  return next === null ? path : `${path}?next=${encodeURIComponent(next)}`;
}
