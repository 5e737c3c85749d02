/** A file that is made while it is read. Whoever gets it reads it to its end or cancels it. */
export interface Download {
  /** ASCII without blanks and quotes. */
  fileName: string;
  contentType: string;
  /** Null where it isn't known before the end. */
  byteCount: bigint | null;
  body: ReadableStream<Uint8Array>;
}

/** Chunks as a stream that makes the next one when it is asked for. `onEnd` is called once, however it ends. */
export function streamOf(
  chunks: AsyncIterable<Uint8Array>,
  onEnd: () => void = () => {},
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let hasEnded = false;
  const end = () => {
    if (!hasEnded) onEnd();
    hasEnded = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          if (!done) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          end();
          // The connection breaks off: a file without its end must not look like a whole one.
          controller.error(error);
        }
      },
      async cancel() {
        end();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
