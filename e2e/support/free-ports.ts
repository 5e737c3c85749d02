import { randomInt } from "node:crypto";
import { PortBusyError, requireFreePort } from "@/lib/server/ports";
import { StartError } from "@/lib/start-error";

// Below what systems give to outgoing connections, which could take one before it is listened on (RFC 6335, Linux).
const ROW_FROM = 12_000;
const ROW_TO = 32_000;

/** The first of `count` ports in a row that nothing listens on. */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = randomInt(ROW_FROM, ROW_TO);
    try {
      for (let port = first; port < first + count; port += 1) await requireFreePort(port);
      return first;
    } catch (error) {
      if (!(error instanceof PortBusyError)) throw error;
    }
  }
  throw new StartError(`There are no ${count} free ports in a row.`);
}
