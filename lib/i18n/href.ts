import { DEFAULT_LOCALE, type Locale } from "./routing";

/** The address of a page in a language: (`en`, `/wallet`) → `/en/wallet`, (`fr`, `/wallet`) → `/wallet`. */
export function localizedPath(locale: Locale, path: string): string {
  if (locale === DEFAULT_LOCALE) return path;
  return path === "/" ? `/${locale}` : `/${locale}${path}`;
}

/**
 * The link of the language switch to the same page. It always has a prefix: `/fr/wallet` is answered with the cookie that
 * keeps the choice and a redirect to `/wallet`.
 */
export function switchPath(to: Locale, path: string): string {
  return path === "/" ? `/${to}` : `/${to}${path}`;
}
