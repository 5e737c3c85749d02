import { IncomingMessage } from "node:http";

/** The same request with its body, which was read already: Next wants Node's own class. */
export function replayRequest(request: IncomingMessage, body: Uint8Array): IncomingMessage {
  const replayed = new IncomingMessage(request.socket);
  const { method, url, headers, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  Object.assign(replayed, {
    method,
    url,
    headers,
    rawHeaders,
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
  });
  replayed.complete = true;
  replayed.push(body);
  replayed.push(null);
  return replayed;
}
