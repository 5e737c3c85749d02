import { createHmac, randomUUID } from "node:crypto";
import type postgres from "postgres";
import type { Database } from "@/db/client";
import { webhookRoute } from "@/lib/api/webhooks";
import { getBalances } from "@/lib/ledger/balances";
import type { LedgerAccount } from "@/lib/ledger/chart";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { KEYS } from "./getmipay-fixture";
import { PAYSTACK_KEY } from "./paystack-fixture";
import { createContext } from "./people";

export const getMiPaySignature = (content: string | Uint8Array) =>
  createHmac("sha256", KEYS.webhookSecret).update(content).digest("hex");
export const paystackSignature = (content: string | Uint8Array) =>
  createHmac("sha512", PAYSTACK_KEY).update(content).digest("hex");

const VENDORS = {
  getmipay: { path: "/webhook/getmipay/", header: "x-signature", sign: getMiPaySignature },
  paystack: {
    path: "/api/wallet/paystack/webhook",
    header: "x-paystack-signature",
    sign: paystackSignature,
  },
} as const;

export type Vendor = keyof typeof VENDORS;

/** A stored event after the worker processed it. */
export interface StoredEvent {
  id: string;
  state: string;
  outcome: string | null;
  reference: string | null;
  kind: string;
}

/** Posts signed raw bytes to our route, and has the worker process what was stored. */
export function createWebhookClient(db: Database, owner: postgres.Sql) {
  const routes = {
    getmipay: webhookRoute("getmipay", () => db),
    paystack: webhookRoute("paystack", () => db),
  };

  async function post(vendor: Vendor, body: string | object, headers: Record<string, string> = {}) {
    const { path, header, sign } = VENDORS[vendor];
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(`http://localhost:3000${path}`, {
      method: "POST",
      headers: { [header]: sign(text), ...headers },
      body: text,
    });
    return await routes[vendor](request);
  }

  async function newestEvent(vendor: Vendor): Promise<StoredEvent | null> {
    const [row] = await owner<StoredEvent[]>`
      select id::text, state, outcome, reference, kind from webhook_events where provider = ${vendor}
      order by webhook_events.id desc limit 1`;
    return row ?? null;
  }

  /** Posts, processes what was stored as the worker would, and answers the event as it stands then. */
  async function hear(vendor: Vendor, body: string | object, headers: Record<string, string> = {}) {
    const before = await newestEvent(vendor);
    const answer = await post(vendor, body, headers);
    const stored = await newestEvent(vendor);
    if (stored === null || stored.id === before?.id) return { status: answer.status, event: null };
    await processWebhook(createContext(db, { kind: "system" }), BigInt(stored.id));
    return { status: answer.status, event: await newestEvent(vendor) };
  }

  async function balanceOf(account: LedgerAccount): Promise<bigint> {
    const [balance] = await getBalances(db, [account]);
    return balance?.amountMinor ?? 0n;
  }

  async function operation(reference: string): Promise<{ state: string; reason: string | null }> {
    const [row] = await owner<{ state: string; reason: string | null }[]>`
      select state, reason from operations where reference = ${reference}`;
    return row ?? { state: "none", reason: null };
  }

  return { post, hear, balanceOf, operation };
}

/** An id as a provider makes them. */
export const providerId = () => `pid_${randomUUID().slice(0, 12)}`;
