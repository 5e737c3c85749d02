import { formatTime, formatWeekday } from "@/lib/i18n/format-date";
import type { Locale } from "@/lib/i18n/routing";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";

/** `vendredi 4 décembre, 18:00` in the group's zone, with the viewer's time where that is another one. */
export async function formatDue(at: Date, locale: Locale, groupZone: string): Promise<string> {
  const time = formatTime(at, locale, groupZone);
  const viewers = formatTime(at, locale, await viewerTimeZone());
  const day = `${formatWeekday(at, locale, groupZone)}, ${time}`;
  if (viewers === time) return day;
  return locale === "fr" ? `${day} (${viewers} chez vous)` : `${day} (${viewers} where you are)`;
}
