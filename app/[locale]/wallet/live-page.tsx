import { reloadSeconds } from "@/lib/next/waiting-page";
import { LiveStatus } from "./live-status.client";

/** Keeps the page of an operation in progress up to date, with JavaScript and without. */
export function LivePage({ reference, status }: { reference: string; status: string }) {
  return (
    <>
      <LiveStatus eventsPath={`/wallet/events/${reference}?since=${status}`} />
      <noscript>
        <meta httpEquiv="refresh" content={String(reloadSeconds())} />
      </noscript>
    </>
  );
}
