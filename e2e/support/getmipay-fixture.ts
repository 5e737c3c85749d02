import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Money, money } from "@/lib/money/money";
import type { BookView } from "@/lib/sandbox/inspection";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/lib/sandbox/server";

/**
 * For the sandbox's tests: a real sandbox, and an app that only receives callbacks. Tests pass the real adapter, since
 * test support imports no vendor; this is the part of its interface that they use.
 */
export interface Adapter {
  createCollection(request: Order & { returnUrl: string; locale: "fr" }): Promise<{
    providerReference: string;
    paymentUrl: string;
  }>;
  createPayout(request: Order): Promise<{ providerReference: string }>;
  /** `callbackUrl` is where it was called; only an unsigned dialect looks at it. */
  verifyWebhook(rawBody: Uint8Array, headers: Headers, callbackUrl?: URL): Told | null;
}

interface Order {
  reference: string;
  amount: Money;
  phone: string;
  method: string;
  userId: string;
  callbackUrl: string;
}

/** What the adapter made of a callback. */
interface Told {
  reference: string | null;
  eventKey: string;
}

export const KEYS = {
  apiKey: "pk_test_sandbox",
  secretKey: "sk_test_sandbox_0123456789",
  webhookSecret: "wh_secret_sandbox_0123456789",
};

export const CLIENT = { clientId: "sandbox-client", clientSecret: "sandbox-client-secret" };

export interface Delivery {
  event: Told | null;
  receivedAt: number;
}

export interface Receiver {
  url: string;
  deliveries: Delivery[];
  /** The believed ones, as `payment.completed` and so on, in the order in which they came. */
  events(reference: string): string[];
  /** What it answers to believed callbacks from now on. */
  answerWith(status: number): void;
  /** What it answers to the next `times` believed callbacks about `reference`: others may come in between. */
  answerAbout(reference: string, status: number, times: number): void;
  close(): Promise<void>;
}

export async function startReceiver(verify: Adapter["verifyWebhook"]): Promise<Receiver> {
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
    answerWith(next) {
      status = next;
    },
    answerAbout(reference, next, times) {
      about.set(reference, { status: next, timesLeft: times });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function fastOptions(change: Partial<SandboxOptions> = {}): SandboxOptions {
  return {
    port: 0,
    getmipay: KEYS,
    paystack: null,
    google: CLIENT,
    webhookUrl: null,
    dataDir: null,
    payoutDelayMs: 20,
    gapMs: 20,
    slowMs: 200,
    retryDelaysMs: [20, 20, 20],
    ...change,
  };
}

/** The configuration with which an adapter speaks to the sandbox at `url`. */
export function adapterEnv(url: string, change: Partial<typeof KEYS> = {}): Record<string, string> {
  const keys = { ...KEYS, ...change };
  return {
    GETMIPAY_API_KEY: keys.apiKey,
    GETMIPAY_SECRET_KEY: keys.secretKey,
    GETMIPAY_API_URL: url,
    GETMIPAY_WEBHOOK_SECRET: keys.webhookSecret,
  };
}

export interface Fixture {
  sandbox: Sandbox;
  adapter: Adapter;
  receiver: Receiver;
  close(): Promise<void>;
}

export async function startGetMiPayFixture(
  createAdapter: (url: string) => Adapter,
  change: Partial<SandboxOptions> = {},
): Promise<Fixture> {
  const sandbox = await startSandbox(fastOptions(change));
  const adapter = createAdapter(sandbox.url);
  const receiver = await startReceiver(adapter.verifyWebhook);
  return {
    sandbox,
    adapter,
    receiver,
    async close() {
      await sandbox.close();
      await receiver.close();
    },
  };
}

let counter = 0;

export function newReference(): string {
  counter += 1;
  return `TXN-TEST${String(counter).padStart(8, "0")}`;
}

export const RETURN_URL = "http://localhost:3000/wallet/topup/TXN-RETURN";

export function collect(fixture: Fixture, reference: string, amount: number, phone = "+22670000001") {
  return fixture.adapter.createCollection({
    reference,
    amount: money(BigInt(amount), "XOF"),
    phone,
    method: "wave",
    userId: "user-1",
    returnUrl: RETURN_URL,
    callbackUrl: fixture.receiver.url,
    locale: "fr",
  });
}

export function payOut(fixture: Fixture, reference: string, amount: number, phone = "+22670000002") {
  return fixture.adapter.createPayout({
    reference,
    amount: money(BigInt(amount), "XOF"),
    phone,
    method: "orange_money",
    userId: "user-1",
    callbackUrl: fixture.receiver.url,
  });
}

/** What the payment page's buttons do. */
export function submitPage(paymentUrl: string, fields: Record<string, string>): Promise<Response> {
  return fetch(paymentUrl, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

export const CONFIRM = { pin: "0000", action: "confirm" };

/** The provider's own word about a reference, as `/_book` gives it. */
export async function bookOf(fixture: Fixture, reference: string): Promise<BookView | undefined> {
  const response = await fetch(`${fixture.sandbox.url}/_book`);
  const book = (await response.json()) as { collections: BookView[]; payouts: BookView[] };
  return [...book.collections, ...book.payouts].find((entry) => entry.reference === reference);
}

export function postJson(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
