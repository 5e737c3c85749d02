import { safePath } from "@/lib/auth/safe-path";
import { localizedPath } from "@/lib/i18n/href";
import { type Locale, splitLocale } from "@/lib/i18n/routing";

/** The query of an address, as Next hands it to a page. */
export type Query = Record<string, string | string[] | undefined>;

/** Where to go after signing in: a path on this site without language, or null. */
export function nextOf(query: Query): string | null {
  return safePath(query.next);
}

/** The address of a page that leads to `next` afterwards. */
export function withNext(path: string, next: string | null): string {
  return next === null ? path : `${path}?next=${encodeURIComponent(next)}`;
}

const HOME = "/wallet";

/** Where a person lands after signing in: `next` when it is a path on this site, in the page's language. */
export function landingPath(locale: Locale, next: string | undefined): string {
  const safe = safePath(next);
  if (safe === null || safe === "/") return localizedPath(locale, HOME);
  return localizedPath(locale, splitLocale(safe).path);
}
