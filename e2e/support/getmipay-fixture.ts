import { type Money, money } from "@/lib/money/money";
import type { BookView } from "@/lib/sandbox/inspection";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/lib/sandbox/server";
import { type CallbackVerifier, type Receiver, startReceiver } from "./callback-receiver";

/** The part of a provider's adapter that the sandbox's tests use. */
export interface Adapter extends CallbackVerifier {
  createCollection(request: Order & { returnUrl: string; locale: "fr" }): Promise<{
    providerReference: string;
    paymentUrl: string;
  }>;
  createPayout(request: Order): Promise<{ providerReference: string }>;
}

interface Order {
  reference: string;
  amount: Money;
  phone: string;
  method: string;
  userId: string;
  callbackUrl: string;
}

export const KEYS = {
  apiKey: "pk_test_sandbox",
  secretKey: "sk_test_sandbox_0123456789",
  webhookSecret: "wh_secret_sandbox_0123456789",
};

export const CLIENT = { clientId: "sandbox-client", clientSecret: "sandbox-client-secret" };

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

/** The environment of an adapter for the sandbox at `url`. */
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

/** A sandbox with the adapter under test and a receiver of its callbacks. */
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

/** Submits the payment page. */
export function submitPage(paymentUrl: string, fields: Record<string, string>): Promise<Response> {
  return fetch(paymentUrl, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

export const CONFIRM = { pin: "0000", action: "confirm" };

/** The sandbox's book entry of a reference. */
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
