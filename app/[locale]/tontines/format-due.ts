import { formatTime, formatWeekday } from "@/lib/i18n/format-date";
import type { Locale } from "@/lib/i18n/routing";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";

/** `vendredi 4 décembre, 18:00` in the group's zone, with the viewer's time where that is another one. */
export async function formatDue(at: Date, locale: Locale, groupZone: string): Promise<string> {
  const time = formatTime(at, locale, groupZone);
  const zone = await viewerTimeZone();
  const [weekday, viewersDay] = [formatWeekday(at, locale, groupZone), formatWeekday(at, locale, zone)];
  const viewersTime = formatTime(at, locale, zone);
  const day = `${weekday}, ${time}`;
  if (viewersTime === time && viewersDay === weekday) return day;
  const viewers = viewersDay === weekday ? viewersTime : `${viewersDay}, ${viewersTime}`;
  return locale === "fr" ? `${day} (${viewers} chez vous)` : `${day} (${viewers} where you are)`;
}
