import { unstable_rethrow } from "next/navigation";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { log } from "@/lib/log";
import { setResponseStatus } from "@/lib/next/page-status";
import { ServerErrorView } from "@/lib/ui/server-error.client";

/**
 * Wraps a page so that an exception becomes our 500 page, rendered on the server. Next's own handling by `error.tsx` sends
 * an empty body that only JavaScript fills in. Redirects and Next's other control-flow exceptions pass through.
 */
export function safePage<Props>(page: (props: Props) => Promise<ReactNode>) {
  return async function SafePage(props: Props): Promise<ReactNode> {
    try {
      return await page(props);
    } catch (error) {
      unstable_rethrow(error);
      if (!setResponseStatus(500)) throw error;
      log.error({ err: error }, "page failed");
      return <ServerErrorView locale={await getLocale()} />;
    }
  };
}
