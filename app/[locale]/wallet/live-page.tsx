import { reloadSeconds } from "@/lib/next/waiting-page";
import { type OperationView, progressOf } from "@/lib/services/operations/view";
import { LiveStatus } from "./live-status.client";

/** Keeps the page of an operation in progress up to date, with JavaScript and without. */
export function LivePage({ operation }: { operation: OperationView }) {
  const { reference } = operation;
  return (
    <>
      <LiveStatus eventsPath={`/wallet/events/${reference}?since=${progressOf(operation)}`} />
      <noscript>
        <meta httpEquiv="refresh" content={String(reloadSeconds())} />
      </noscript>
    </>
  );
}
