import type { Readable } from "node:stream";

/** Bytes that wait to be read: more than that, and whoever writes the document waits too. */
const WAITING_BYTES_MAX = 256 * 1024;

export interface PacedStream {
  stream: ReadableStream<Uint8Array>;
  /** Resolves once the reader has taken enough. Throws when nobody reads any more. */
  ready: () => Promise<void>;
  /** Ends the stream with an error. */
  fail: (error: Error) => void;
}

/** pdfkit pushes without asking: this hands its bytes to a Web stream as they are read, and tells the writer when to go on. */
export function pacedStream(source: Readable): PacedStream {
  let wake: () => void = () => {};
  let cancelled: Error | null = null;
  const changed = () => wake();
  source.on("readable", changed).on("end", changed).on("error", changed);
  const waitForChange = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  let resume: () => void = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          if (source.errored) throw source.errored;
          const chunk: Uint8Array | null = source.read();
          if (chunk) {
            controller.enqueue(new Uint8Array(chunk));
            if (source.readableLength < WAITING_BYTES_MAX) resume();
            return;
          }
          if (source.readableEnded) return controller.close();
          await waitForChange();
        }
      },
      cancel() {
        cancelled = new Error("the document is not read any more");
        source.destroy();
        resume();
      },
    },
    { highWaterMark: 0 },
  );
  return {
    stream,
    async ready() {
      if (!cancelled && !source.errored && source.readableLength >= WAITING_BYTES_MAX) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
      if (cancelled) throw cancelled;
    },
    fail: (error) => void source.destroy(error),
  };
}
