"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Shows the page anew when the operation's status changes. Without JavaScript the page reloads by itself instead. */
export function LiveStatus({ eventsPath }: { eventsPath: string }) {
  const router = useRouter();
  useEffect(() => {
    const source = new EventSource(eventsPath);
    source.addEventListener("status", () => {
      source.close();
      router.refresh();
    });
    return () => source.close();
  }, [eventsPath, router]);
  return null;
}
