import net from "node:net";
import { StartError } from "@/lib/start-error";

/** A port that something else listens on. */
export class PortBusyError extends StartError {
  override name = "PortBusyError";

  constructor(readonly port: number) {
    super(`Port ${port} is already in use.`);
  }
}

function listen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/**
 * Throws {@link PortBusyError} when `port` is taken. On loopback both families are tried: a browser that
 * opens `localhost` asks ::1 first and would reach another program there.
 */
export async function requireFreePort(port: number, host = "127.0.0.1"): Promise<void> {
  const hosts = host === "127.0.0.1" ? [host, "::1"] : [host];
  for (const candidate of hosts) {
    try {
      await listen(port, candidate);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EADDRINUSE") throw new PortBusyError(port);
      if (code === "EACCES") throw new StartError(`Port ${port} needs more rights: choose one above 1023.`);
      if (candidate !== "::1") throw error;
    }
  }
}

/** A port that nothing listens on at this moment. */
export function findFreePort(): Promise<number> {
  return listen(0, "127.0.0.1");
}
