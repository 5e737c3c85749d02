import { safePath } from "@/lib/auth/safe-path";
import { localizedPath } from "@/lib/i18n/href";
import { type Locale, splitLocale } from "@/lib/i18n/routing";

const HOME = "/wallet";

/** Where a person lands after signing in: `next` when it is a place on this site, in the page's language. */
export function landingPath(locale: Locale, next: string | undefined): string {
  const safe = safePath(next);
  if (safe === null || safe === "/") return localizedPath(locale, HOME);
  return localizedPath(locale, splitLocale(safe).path);
}
