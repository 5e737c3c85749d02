import { setTimeout as sleep } from "node:timers/promises";
import { config } from "@/lib/config";
import { log } from "@/lib/log";
import { isStopping } from "./process-state";

/** Browsers reconnect by themselves; a stream that ends now and then keeps no stopping server waiting. */
const STREAM_LIFETIME_MS = 25_000;

interface StatusEventsInput {
  /** What the page shows already. */
  since: string;
  readStatus: () => Promise<string>;
  /** Aborts when the browser leaves. */
  signal: AbortSignal;
  /** Called when the stream has ended, however it did. */
  onEnd: () => void;
}

/** A stream that sends one `status` event once `readStatus` answers something other than `since`, and then ends. */
export function statusEvents({ since, readStatus, signal, onEnd }: StatusEventsInput): Response {
  const encoder = new TextEncoder();
  const until = Date.now() + STREAM_LIFETIME_MS;
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
        while (!signal.aborted && Date.now() < until && !isStopping()) {
          const status = await readStatus();
          if (status !== since) {
            controller.enqueue(encoder.encode(`event: status\ndata: ${status}\n\n`));
            break;
          }
          await sleep(config().waitingPagePollMs, undefined, { signal }).catch(() => {});
        }
        controller.close();
      } catch (error) {
        // A closed browser, or a database that is away for a moment: the browser asks again.
        if (!signal.aborted) log.warn({ err: error }, "status events ended");
        controller.error(error);
      } finally {
        onEnd();
      }
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform: a compressing proxy would hold the event back.
      "cache-control": "private, no-store, no-transform",
    },
  });
}
