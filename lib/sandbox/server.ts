import { setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { log } from "@/lib/log";
import { createBeacon } from "./beacon";
import { type Book, openBook } from "./book";
import { type GetMiPayKeys, type GetMiPayOptions, initiate } from "./getmipay";
import { createPublicGetMiPay } from "./getmipay-public";
import { createGoogle, type GoogleClient } from "./google";
import { type Handler, json, serve } from "./http";
import { createInbox, type Inbox } from "./inbox";
import { inboxPage, takePush } from "./inbox-page";
import { inspect } from "./inspection";
import { startMailServer } from "./mail-server";
import { payPage } from "./pay-page";
import { createPaystack } from "./paystack";
import type { PaystackAccount } from "./paystack-call";
import { createSettlement } from "./settlement";
import { createSmsGateways, type SmsGatewayOptions } from "./sms-gateways";
import { createWebhookSender, type WebhookSender } from "./webhooks";

export interface SandboxOptions {
  /** 0 takes a free one. */
  port: number;
  getmipay: GetMiPayKeys;
  /** Null: Paystack isn't simulated. */
  paystack: PaystackAccount | null;
  /** Null: Google isn't simulated. */
  google: GoogleClient | null;
  /** Where webhooks go when a request names no address on this machine. */
  webhookUrl: string | null;
  /** Null: the book lives in memory only. */
  dataDir: string | null;
  payoutDelayMs: number;
  /** The mail server's port (0 takes a free one) and its one account; null: no mail server. */
  mail?: { port: number; user: string; password: string } | null;
  /** The accounts with SMS gateways; one that is null isn't simulated. */
  sms?: Pick<SmsGatewayOptions, "orange" | "termii" | "africasTalking"> | null;
  /** Between two steps of a scenario; 1500 by default. */
  gapMs?: number;
  /** How late a slow webhook is; 8000 by default. */
  slowMs?: number;
  /** After each try that got no 200. */
  retryDelaysMs?: readonly number[];
}

export interface Sandbox {
  url: string;
  port: number;
  /** Null without a mail server. */
  mailPort: number | null;
  book: Book;
  inbox: Inbox;
  close(): Promise<void>;
}

const RETRY_DELAYS_MS = [200, 1000, 3000, 10_000, 30_000, 60_000, 60_000, 120_000, 300_000, 300_000];
const HEADERS_TIMEOUT_MS = 10_000;

interface Parts {
  getmipay: GetMiPayOptions;
  getmipayPublic: Handler;
  webhooks: WebhookSender;
  paystack: Handler | null;
  google: Handler | null;
  inbox: Inbox;
  sms: ReturnType<typeof createSmsGateways>;
  beacon: Handler;
}

function createHandler(parts: Parts): Handler {
  const { getmipay, getmipayPublic, webhooks, paystack, google, inbox, sms, beacon } = parts;
  return (incoming) => {
    const { pathname } = incoming.url;
    const isPost = incoming.method === "POST";
    if (isPost && pathname === "/v1/payments/initiate") return initiate("collection", incoming, getmipay);
    if (isPost && pathname === "/v1/payouts/initiate") return initiate("payout", incoming, getmipay);
    if (pathname.startsWith("/api/v1/")) return getmipayPublic(incoming);
    const paid = /^\/pay\/([A-Za-z0-9_]{1,64})$/.exec(pathname)?.[1];
    if (paid) return payPage(incoming, paid, getmipay);
    if (paystack && pathname.startsWith("/paystack/")) return paystack(incoming);
    if (google && pathname.startsWith("/google/")) return google(incoming);
    if (pathname.startsWith("/sms/")) return sms(incoming) ?? json(404, { code: "not_found" });
    if (pathname.startsWith("/drand/") || pathname === "/_beacon") return beacon(incoming);
    if (pathname.startsWith("/push/")) return takePush(incoming, inbox);
    const inboxReply = inboxPage(incoming, inbox);
    if (inboxReply !== null) return inboxReply;
    if (pathname.startsWith("/_")) return inspect(incoming, { ...getmipay, webhooks });
    return json(404, { success: false, code: "not_found", message: "Not found" });
  };
}

/** Rejects when the port is taken (`EADDRINUSE`). */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Simulates GetMiPay, Paystack and Google over HTTP on 127.0.0.1 only, and goes on with the open entries of its book.
 * Rejects when the port is taken or the data directory can't be written.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const stop = new AbortController();
  const { signal } = stop;
  // Each entry that is under way listens to it.
  setMaxListeners(0, signal);
  const book = openBook(options.dataDir);
  const onError = (error: unknown) => {
    if (!signal.aborted) log.error({ err: error }, "the sandbox could not go on with an entry");
  };
  const webhooks = createWebhookSender({
    book,
    secret: options.getmipay.webhookSecret,
    paystackSecretKey: options.paystack?.secretKey ?? null,
    retryDelaysMs: options.retryDelaysMs ?? RETRY_DELAYS_MS,
    signal,
    onError,
  });
  const { gapMs = 1500, slowMs = 8000, payoutDelayMs } = options;
  const settlement = createSettlement({ book, webhooks, payoutDelayMs, gapMs, slowMs, signal, onError });
  const shared = { book, settlement, scenarios: new Map<string, string | null>() };
  const { paystack: account, google } = options;
  const getmipay = { ...shared, keys: options.getmipay, webhookUrl: options.webhookUrl };
  const inbox = createInbox();
  const { sms, mail } = options;
  const accounts = { orange: null, termii: null, africasTalking: null, ...sms };
  const handler = createHandler({
    inbox,
    beacon: createBeacon(),
    sms: createSmsGateways({ ...accounts, inbox, slowMs, signal, onError }),
    getmipay,
    getmipayPublic: createPublicGetMiPay(getmipay),
    webhooks,
    paystack: account ? createPaystack({ ...shared, account, slowMs }) : null,
    google: google ? createGoogle(google) : null,
  });
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
    serve(request, response, handler).catch((error: unknown) => {
      response.destroy();
      // A caller may close the connection in the middle of its request.
      if (!request.destroyed) onError(error);
    });
  });
  const mailServer = mail ? await startMailServer({ ...mail, inbox, slowMs, signal }) : null;
  const port = await listen(server, options.port);
  settlement.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    mailPort: mailServer?.port ?? null,
    book,
    inbox,
    async close() {
      stop.abort();
      await mailServer?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
