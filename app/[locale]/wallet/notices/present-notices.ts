import { getLocale, getTranslations } from "next-intl/server";
import { dayOf } from "@/lib/day-range";
import { formatDay, formatTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { writeNotice } from "@/lib/services/notice-delivery/texts/write-notice";
import type { NoticeView } from "@/lib/services/notice-delivery/view";
import { isolate } from "@/lib/ui/bidi-text";
import type { IconName } from "@/lib/ui/icons";
import type { NoticeDay, NoticeItem } from "@/lib/ui/notice-list";

const ICON_OF_GROUP: Readonly<Record<NoticeView["group"], IconName>> = {
  money_in: "top-up",
  money_out: "send",
  problems: "info",
  vaults: "vault",
  requests: "chat",
  files: "list",
  monthly_statements: "list",
  tontine_dues: "info",
  tontines: "info",
  security: "shield",
};

/** List items in the given order, grouped by day, all texts in the reader's language. */
export async function presentNotices(notices: readonly NoticeView[], now: Date): Promise<NoticeDay[]> {
  const [locale, zone, t] = await Promise.all([getLocale(), viewerTimeZone(), getTranslations("notices")]);
  const days = new Map<string, { heading: string; notices: NoticeItem[] }>();
  for (const notice of notices) {
    const key = dayOf(notice.at, zone);
    const day = days.get(key) ?? { heading: formatDay(notice.at, now, locale, zone), notices: [] };
    days.set(key, day);
    const { title, text, more } = writeNotice(notice, locale, isolate);
    day.notices.push({
      id: notice.id.toString(),
      href: localizedPath(locale, notice.path),
      icon: ICON_OF_GROUP[notice.group],
      title,
      text: more === undefined ? text : `${text} ${more}`,
      time: formatTime(notice.at, locale, zone),
      unread: notice.isRead ? null : t("unread"),
    });
  }
  return [...days.values()];
}
