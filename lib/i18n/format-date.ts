import type { Locale } from "./routing";

/** Ouagadougou, Abidjan and Dakar are at UTC+0 all year. Named explicitly, so that the server's own zone is never used. */
export const TIME_ZONE = "Africa/Abidjan";

const TAG: Record<Locale, string> = { fr: "fr-FR", en: "en-GB" };

function formatter(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(TAG[locale], { ...options, timeZone: TIME_ZONE });
}

const FORMATTERS = {
  fr: formatters("fr"),
  en: formatters("en"),
} as const;

function formatters(locale: Locale) {
  return {
    day: formatter(locale, { weekday: "long", day: "numeric", month: "long" }),
    dayWithYear: formatter(locale, { day: "numeric", month: "long", year: "numeric" }),
    time: formatter(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  };
}

/** `2026-11-20`: the calendar day in {@link TIME_ZONE}, as a key to group by. */
export function dayKey(at: Date): string {
  const parts = formatter("en", { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** `14:02`. */
export function formatTime(at: Date, locale: Locale): string {
  return FORMATTERS[locale].time.format(at);
}

/** `20 novembre 2026`, `20 November 2026`; French writes the first of a month `1er`. */
export function formatDate(at: Date, locale: Locale): string {
  return ordinal(FORMATTERS[locale].dayWithYear.format(at), locale);
}

/** `20 novembre 2026 à 14:02`, `20 November 2026 at 14:02`. */
export function formatDateTime(at: Date, locale: Locale): string {
  return `${formatDate(at, locale)} ${locale === "fr" ? "à" : "at"} ${formatTime(at, locale)}`;
}

/** A heading over a day's operations: `Aujourd’hui`, `Hier`, `Vendredi 20 novembre`, with the year once it's another. */
export function formatDay(at: Date, now: Date, locale: Locale): string {
  const key = dayKey(at);
  if (key === dayKey(now)) return locale === "fr" ? "Aujourd’hui" : "Today";
  if (key === dayKey(new Date(now.getTime() - DAY_MS))) return locale === "fr" ? "Hier" : "Yesterday";
  const sameYear = key.slice(0, 4) === dayKey(now).slice(0, 4);
  const day = sameYear ? ordinal(FORMATTERS[locale].day.format(at), locale) : formatDate(at, locale);
  return day.charAt(0).toLocaleUpperCase(TAG[locale]) + day.slice(1);
}

// The zone has no daylight saving time.
const DAY_MS = 24 * 60 * 60 * 1000;

function ordinal(text: string, locale: Locale): string {
  return locale === "fr" ? text.replace(/(?<=^|\s)1(?=\s\p{L})/u, "1er") : text;
}
