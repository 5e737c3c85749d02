"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** When a stream that was refused, or a page that could not be refreshed, is tried again. */
const RETRY_MS = 30_000;

/**
 * Refreshes the page when what it shows changes. Its address says what the page shows, so nothing is missed while there is no
 * connection or the page is hidden: a hidden one has no stream. Without JavaScript a waiting page reloads itself, and others don't.
 */
export function LiveStatus({ eventsPath }: { eventsPath: string }) {
  const router = useRouter();
  useEffect(() => {
    let source: EventSource | undefined;
    let retry = 0;
    const stop = () => {
      source?.close();
      window.clearTimeout(retry);
    };
    const start = () => {
      stop();
      if (document.hidden) return;
      const stream = new EventSource(eventsPath);
      source = stream;
      const startLater = () => {
        retry = window.setTimeout(start, RETRY_MS);
      };
      stream.addEventListener("status", () => {
        stop();
        router.refresh();
        startLater();
      });
      // A lost connection is taken up again by the browser; a refusal isn't.
      stream.addEventListener("error", () => {
        if (stream.readyState === EventSource.CLOSED) startLater();
      });
    };
    start();
    document.addEventListener("visibilitychange", start);
    return () => {
      document.removeEventListener("visibilitychange", start);
      stop();
    };
  }, [eventsPath, router]);
  return null;
}
