"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Refreshes the page when the operation's status changes. Without JavaScript `LivePage` reloads it instead. */
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
