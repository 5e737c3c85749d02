import type { Server, ServerResponse } from "node:http";
import net from "node:net";

/** A request on a kept connection within this time after a stop is answered, with `Connection: close`. */
export const LINGER_MS = 500;

export interface GracefulStop {
  /** For every answer, before anything of it is sent. */
  track(response: ServerResponse): void;
  /** Takes no new connection, finishes what runs; resolves when the last connection is closed. */
  stop(): Promise<void>;
}

/**
 * Ends a server without dropping a request. A kept connection that is closed while idle may be closed just as its next
 * request arrives, and its client can't know what became of that (RFC 9112 §9.3.1). So those connections stay for a
 * moment: the next answer on each carries `Connection: close`, and only those without a request until then are closed idle.
 */
export function createGracefulStop(server: Server, lingerMs = LINGER_MS): GracefulStop {
  const running = new Set<ServerResponse>();
  let isStopping = false;
  let isOver = false;
  const endOf = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader("connection", "close");
  };
  const closeIdle = (): void => {
    if (isOver) server.closeIdleConnections();
  };
  return {
    track(response) {
      if (isStopping) endOf(response);
      running.add(response);
      response.once("close", () => {
        running.delete(response);
        setImmediate(closeIdle);
      });
    },
    async stop() {
      isStopping = true;
      for (const response of running) endOf(response);
      // The one of http would close idle connections at once.
      const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
      const timer = setTimeout(() => {
        isOver = true;
        closeIdle();
      }, lingerMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
