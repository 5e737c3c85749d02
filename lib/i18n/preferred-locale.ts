import { DEFAULT_LOCALE, isLocale, type Locale } from "./routing";

/** The first of our languages in an Accept-Language header (RFC 9110 §12.5.4), by weight; the default when none is. */
export function preferredLocale(acceptLanguage: string | null): Locale {
  const wishes = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((wish) => {
      const [tag = "", ...parameters] = wish.trim().toLowerCase().split(";");
      const weight = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split("-")[0] ?? "", weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter((wish) => wish.weight > 0)
    .sort((one, other) => other.weight - one.weight);
  return wishes.map((wish) => wish.language).find(isLocale) ?? DEFAULT_LOCALE;
}
