import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

const ignore = () => {};

/**
 * A caller who goes away in the middle of a body makes the request an error. Next, where a proxy reads the body too, replaces
 * the request's listeners by those of a copy, which makes the error an uncaught exception. A listener added just before catches it.
 */
export function guardAborts(server: Server): void {
  const open = new WeakMap<Socket, Set<IncomingMessage>>();
  server.on("connection", (socket) => {
    const requests = new Set<IncomingMessage>();
    open.set(socket, requests);
    // Before Node's own listener, which ends the requests.
    socket.prependListener("close", () => {
      for (const request of requests) request.on("error", ignore);
    });
  });
  server.on("request", (request, response) => {
    const requests = open.get(request.socket);
    requests?.add(request);
    response.once("close", () => {
      if (request.complete) requests?.delete(request);
    });
  });
}
