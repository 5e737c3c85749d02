import { addDays, type Day, dayOf } from "@/lib/day-range";
import type { TimeZone } from "@/lib/phone";
import type { Locale } from "./routing";

const TAG: Record<Locale, string> = { fr: "fr-FR", en: "en-GB" };

/** How a zone is named beside a time. */
const ZONE_NAMES: Record<TimeZone, string> = { "Africa/Abidjan": "GMT", "Africa/Lagos": "GMT+1" };

const FORMATS = {
  day: { weekday: "long", day: "numeric", month: "long" },
  dayWithYear: { day: "numeric", month: "long", year: "numeric" },
  month: { month: "short", year: "numeric" },
  shortDay: { day: "numeric", month: "short" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Made once for each language, zone and format: making one costs more than using it. */
function formatter(locale: Locale, timeZone: string, format: keyof typeof FORMATS): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${format}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(TAG[locale], { ...FORMATS[format], timeZone });
  formatters.set(key, made);
  return made;
}

/** `14:02`. */
export function formatTime(at: Date, locale: Locale, zone: string): string {
  return formatter(locale, zone, "time").format(at);
}

/** `20 novembre 2026`, `20 November 2026`; French writes the first of a month `1er`. */
export function formatDate(at: Date, locale: Locale, zone: string): string {
  return ordinal(formatter(locale, zone, "dayWithYear").format(at), locale);
}

/** `20 novembre 2026 à 14:02`, `20 November 2026 at 14:02`. */
export function formatDateTime(at: Date, locale: Locale, zone: string): string {
  return `${formatDate(at, locale, zone)} ${locale === "fr" ? "à" : "at"} ${formatTime(at, locale, zone)}`;
}

/** The same with the zone's name, for what is kept or shown to others: `20 novembre 2026 à 15:02 GMT+1`. */
export function formatDateTimeInZone(at: Date, locale: Locale, zone: TimeZone): string {
  return `${formatDateTime(at, locale, zone)}\u00a0${ZONE_NAMES[zone]}`;
}

/** `vendredi 4 décembre`, `Friday 4 December`: for days of which the year is plain. */
export function formatWeekday(at: Date, locale: Locale, zone: string): string {
  return ordinal(formatter(locale, zone, "day").format(at), locale);
}

/** `4 déc.`, `4 Dec`: the day of an instant where little room is. */
export function formatDayOfMonth(at: Date, locale: Locale, zone: string): string {
  return ordinal(formatter(locale, zone, "shortDay").format(at), locale);
}

/** A heading over a day's operations: `Aujourd’hui`, `Hier`, `Vendredi 20 novembre`, with the year once it's another. */
export function formatDay(at: Date, now: Date, locale: Locale, zone: TimeZone): string {
  const key = dayOf(at, zone);
  if (key === dayOf(now, zone)) return locale === "fr" ? "Aujourd’hui" : "Today";
  if (key === addDays(dayOf(now, zone), -1)) return locale === "fr" ? "Hier" : "Yesterday";
  const sameYear = key.slice(0, 4) === dayOf(now, zone).slice(0, 4);
  const day = sameYear
    ? ordinal(formatter(locale, zone, "day").format(at), locale)
    : formatDate(at, locale, zone);
  return day.charAt(0).toLocaleUpperCase(TAG[locale]) + day.slice(1);
}

/** `nov. 2026`, `Nov 2026`: a calendar month, `2026-11`. */
export function formatMonth(month: string, locale: Locale): string {
  return formatter(locale, "Africa/Abidjan", "month").format(new Date(`${month}-15T00:00:00Z`));
}

/** `20 nov.`, `20 Nov`: a calendar day (`2026-11-20`) where little room is. */
export function formatShortDay(day: Day, locale: Locale): string {
  return ordinal(
    formatter(locale, "Africa/Abidjan", "shortDay").format(new Date(`${day}T00:00:00Z`)),
    locale,
  );
}

function ordinal(text: string, locale: Locale): string {
  return locale === "fr" ? text.replace(/(?<=^|\s)1(?=\s\p{L})/u, "1er") : text;
}
