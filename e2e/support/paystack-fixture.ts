import { money } from "@/lib/money/money";
import type { BookView } from "@/lib/sandbox/inspection";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/lib/sandbox/server";
import { type Receiver, startReceiver } from "./callback-receiver";
import { type Adapter, fastOptions, RETURN_URL } from "./getmipay-fixture";

export const PAYSTACK_KEY = "sk_test_sandbox_0123456789";

/** The environment of an adapter for the sandbox at `url`. */
export function paystackEnv(url: string, key = PAYSTACK_KEY): Record<string, string> {
  return { PAYSTACK_SECRET_KEY: key, PAYSTACK_API_URL: `${url}/paystack` };
}

export interface PaystackFixture<Rail extends Pick<Adapter, "verifyWebhook">> {
  sandbox: Sandbox;
  adapter: Rail;
  receiver: Receiver;
  close(): Promise<void>;
}

/** A sandbox with the adapter under test. Paystack has one webhook address for everything, so the receiver starts first. */
export async function startPaystackFixture<Rail extends Pick<Adapter, "verifyWebhook">>(
  createAdapter: (url: string) => Rail,
  change: Partial<SandboxOptions> = {},
): Promise<PaystackFixture<Rail>> {
  const listener = createAdapter("http://127.0.0.1");
  const receiver = await startReceiver((rawBody, headers) => listener.verifyWebhook(rawBody, headers));
  const paystack = { secretKey: PAYSTACK_KEY, webhookUrl: receiver.url };
  const sandbox = await startSandbox(fastOptions({ paystack, slowMs: 800, ...change }));
  return {
    sandbox,
    adapter: createAdapter(sandbox.url),
    receiver,
    async close() {
      await sandbox.close();
      await receiver.close();
    },
  };
}

export function chargeOrder(reference: string, kobo: number) {
  return {
    reference,
    amount: money(BigInt(kobo), "NGN"),
    phone: "",
    method: "card",
    email: "awa.traore@gmail.test",
    userId: "user-1",
    returnUrl: RETURN_URL,
    callbackUrl: "http://localhost:3000/unused",
    locale: "fr" as const,
  };
}

export function transferOrder(reference: string, kobo: number, accountNumber = "0123456789") {
  return {
    reference,
    amount: money(BigInt(kobo), "NGN"),
    phone: "",
    method: "bank",
    bank: { bankCode: "058", accountNumber, accountName: "ADAEZE NWOSU" },
    userId: "user-1",
    callbackUrl: "http://localhost:3000/unused",
  };
}

/** The reference by which Paystack knows a withdrawal. */
export function transferReference(reference: string): string {
  return `${reference.toLowerCase()}-payout`;
}

/** The sandbox's book entry of a deposit or withdrawal. */
export async function paystackBookOf(sandbox: Sandbox, reference: string): Promise<BookView | undefined> {
  const response = await fetch(`${sandbox.url}/_book`);
  const book = (await response.json()) as { collections: BookView[]; payouts: BookView[] };
  const names = [reference, transferReference(reference)];
  return [...book.collections, ...book.payouts].find((entry) => names.includes(entry.reference));
}

export const PAY = { pin: "0000", action: "pay" };
