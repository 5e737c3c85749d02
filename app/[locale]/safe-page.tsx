import { unstable_rethrow } from "next/navigation";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { currentPath } from "@/lib/i18n/current-path";
import { localizedPath } from "@/lib/i18n/href";
import { log } from "@/lib/log";
import { currentContext } from "@/lib/next/current-context";
import {
  addResponseHeader,
  isUnavailable,
  OUTAGE_RETRY_SECONDS,
  setResponseStatus,
} from "@/lib/next/page-status";
import { countUnread } from "@/lib/services/notice-delivery/count-unread";
import { ServerErrorView } from "@/lib/ui/server-error.client";
import { provideUnreadCount } from "@/lib/ui/unread-count";
import { oldCopy } from "./old-copy";

/**
 * Wraps a page so that an exception becomes our page for it (500, or 503 while the database is away), rendered on the server. Next's own handling by `error.tsx` sends
 * an empty body that only JavaScript fills in. Redirects and Next's other control-flow exceptions pass through.
 */
export function safePage<Props>(page: (props: Props) => Promise<ReactNode>) {
  return async function SafePage(props: Props): Promise<ReactNode> {
    provideUnreadCount(countUnreadOfViewer);
    try {
      const content = await page(props);
      return (
        <>
          {await oldCopy()}
          {content}
        </>
      );
    } catch (error) {
      unstable_rethrow(error);
      const isOutage = isUnavailable(error);
      if (!setResponseStatus(isOutage ? 503 : 500)) throw error;
      if (isOutage) addResponseHeader("retry-after", String(OUTAGE_RETRY_SECONDS));
      log.error({ err: error }, "page failed");
      const [locale, path] = await Promise.all([getLocale(), currentPath()]);
      return <ServerErrorView locale={locale} isUnavailable={isOutage} path={localizedPath(locale, path)} />;
    }
  };
}

/** One indexed count, only for a page that shows it. */
async function countUnreadOfViewer(): Promise<number> {
  const { actor, db } = await currentContext();
  return actor.kind === "user" ? await countUnread(db, actor.userId) : 0;
}
