import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** Node's request as the web's. The body is read only when somebody reads it. */
export function toWebRequest(request: IncomingMessage): Request {
  // Not the raw ones: the server has replaced some of them.
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const method = request.method ?? "GET";
  const url = `http://${request.headers.host ?? "localhost"}${request.url ?? "/"}`;
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  // The DOM's types don't know yet that a streamed body needs `duplex`.
  const streamed = { method, headers, body: lazyBody(request), duplex: "half" };
  return new Request(url, streamed);
}

function lazyBody(request: IncomingMessage): ReadableStream<Uint8Array> {
  let chunks: AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        chunks ??= request[Symbol.asyncIterator]();
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value));
      },
      cancel() {
        request.destroy();
      },
    },
    // Nothing ahead of demand: a stream reads its first chunk at once otherwise.
    { highWaterMark: 0 },
  );
}

/** Writes the web's response as Node's. Headers that were set before stay unless the response has them too. */
export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  if (answer.body === null || response.req.method === "HEAD") {
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answer.body as NodeReadableStream<Uint8Array>), response);
}
