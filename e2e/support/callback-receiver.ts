import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A verified callback, as far as tests need it. */
export interface ReceivedEvent {
  reference: string | null;
  eventKey: string;
}

export interface CallbackVerifier {
  /** `callbackUrl` is the address that was called: unsigned callbacks are verified by it. */
  verifyWebhook(rawBody: Uint8Array, headers: Headers, callbackUrl?: URL): ReceivedEvent | null;
}

export interface Delivery {
  event: ReceivedEvent | null;
  receivedAt: number;
}

export interface Receiver {
  url: string;
  deliveries: Delivery[];
  /** The event names of the verified callbacks about a reference, such as `payment.completed`, in order. */
  events(reference: string): string[];
  /** The status of its responses to verified callbacks from now on. */
  respondWith(status: number): void;
  /** The status of its next `times` responses to verified callbacks about `reference`. */
  respondAbout(reference: string, status: number, times: number): void;
  close(): Promise<void>;
}

/** A server that receives and verifies callbacks. */
export async function startReceiver(verify: CallbackVerifier["verifyWebhook"]): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  let status = 200;
  const about = new Map<string, { status: number; timesLeft: number }>();
  const statusFor = (reference: string | null): number => {
    const special = about.get(reference ?? "");
    if (special === undefined || special.timesLeft === 0) return status;
    special.timesLeft -= 1;
    return special.status;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      const callbackUrl = new URL(request.url ?? "/", "http://127.0.0.1");
      const event = verify(Buffer.concat(chunks), headers, callbackUrl);
      deliveries.push({ event, receivedAt: performance.now() });
      response.writeHead(event ? statusFor(event.reference) : 400).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhook/getmipay/`,
    deliveries,
    events: (reference) =>
      deliveries.flatMap(({ event }) =>
        event?.reference === reference ? [event.eventKey.slice(0, event.eventKey.indexOf(":"))] : [],
      ),
    respondWith(next) {
      status = next;
    },
    respondAbout(reference, next, times) {
      about.set(reference, { status: next, timesLeft: times });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
