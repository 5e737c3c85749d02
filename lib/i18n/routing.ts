/** French is the default and has no prefix in an address; English lives below `/en`. */
export const LOCALES = ["fr", "en"] as const;

export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE: Locale = "fr";

/** What a person chose last. It only ever decides where `/` leads; every other address says its language itself. */
export const LOCALE_COOKIE = "locale";

/** Request headers that `proxy.ts` sets for the pages; whatever a client sent under these names is overwritten. */
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
  // Several slashes would be read as the start of another host.
  return { locale, path: (match?.[2] ?? "/").replace(/^\/+/, "/") };
}
