/** French is the default and has no prefix in an address; English lives below `/en`. */
export const LOCALES = ["fr", "en"] as const;

export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE: Locale = "fr";

/** The cookie with the language chosen last: where an address that names none leads. */
export const LOCALE_COOKIE = "locale";

/** Request headers that `proxy.ts` sets for the pages; values sent by a client are overwritten. */
export const LOCALE_HEADER = "x-next-intl-locale";
export const PATH_HEADER = "x-cauris-path";

export function isLocale(value: string | undefined): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The locale that an address names, and the address without it: `/en/wallet` → en, `/wallet`. */
export function splitLocale(pathname: string): { locale: Locale | null; path: string } {
  const match = /^\/([^/]+)(\/.*)?$/.exec(pathname);
  const locale = match?.[1];
  if (!isLocale(locale)) return { locale: null, path: pathname };
  // A path that starts with several slashes would be read as another host.
  return { locale, path: (match?.[2] ?? "/").replace(/^\/+/, "/") };
}
