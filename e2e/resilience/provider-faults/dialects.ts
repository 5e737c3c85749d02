import { createHmac } from "node:crypto";
import { isCurrency } from "@/lib/money/currency";
import { withProof } from "@/lib/providers/getmipay/public/callback";
import { readHint } from "@/lib/providers/getmipay/public/webhook";
import { verifyGetMiPayWebhook } from "@/lib/providers/getmipay/webhook";
import { verifyPaystackWebhook } from "@/lib/providers/paystack/webhook";
import type { Capabilities, Provider } from "@/lib/providers/provider";

/** A callback as it reaches our webhook endpoint. */
export interface Delivery {
  rawBody: Buffer;
  headers: Headers;
  calledAt: URL;
}

/** What a callback says, before it is written in a provider's format. */
export interface CallbackContent {
  kind: "collection" | "payout";
  status: "succeeded" | "failed" | "reversed";
  /** Our reference. */
  reference: string;
  /** The provider's reference. */
  providerReference: string;
  amountMinor: bigint;
  currencyCode: string;
  live: boolean;
  /** Callbacks with the same content and another variant differ in their bytes. */
  variant: number;
}

/** A provider's protocol: its capabilities, and how its callbacks are written and verified. */
export interface Dialect {
  capabilities: Omit<Capabilities, "methods" | "payoutReferenceIsIdempotent">;
  /** The header and algorithm of its signature; null when callbacks are verified by their address. */
  signature: { header: string; algorithm: "sha256" | "sha512" } | null;
  /** True when callbacks in this currency have an amount: GetMiPay only knows whole francs. */
  hasAmountIn(currencyCode: string): boolean;
  /** The provider's reference of transaction `id`. */
  providerReferenceOf(kind: CallbackContent["kind"], reference: string, id: string): string;
  write(content: CallbackContent, callbackUrl: string): Delivery;
  verify: Provider["verifyWebhook"];
}

const SECRET = "a-secret-of-the-resilience-suite-only";
const HOSTS = ["pay.test"];
const STATUS_NAMES = { succeeded: "completed", failed: "failed", reversed: "reversed" } as const;

export function hmac(algorithm: "sha256" | "sha512", text: string | Buffer, secret = SECRET): string {
  return createHmac(algorithm, secret).update(text).digest("hex");
}

function delivery(text: string, headers: Record<string, string>, calledAt: string): Delivery {
  return { rawBody: Buffer.from(text), headers: new Headers(headers), calledAt: new URL(calledAt) };
}

/** GetMiPay v1: callbacks signed over the whole body or over `data` alone; can't be queried. */
export const SIGNED: Dialect = {
  capabilities: {
    signedWebhooks: true,
    queriesCollections: false,
    queriesPayouts: false,
    listsTransactions: false,
    paymentHosts: HOSTS,
  },
  signature: { header: "x-signature", algorithm: "sha256" },
  hasAmountIn: (currencyCode) => currencyCode === "XOF",
  providerReferenceOf: (kind, _reference, id) => `${kind === "payout" ? "PO" : "TX"}-${id}`,
  write: (content, callbackUrl) => {
    const { kind, reference, providerReference, currencyCode, live } = content;
    const event = `${kind === "payout" ? "payout" : "payment"}.${STATUS_NAMES[content.status]}`;
    const id = kind === "payout" ? { payout_id: providerReference } : { transaction_id: providerReference };
    const amount = Number(content.amountMinor);
    const data = { ...id, event, reference, amount, currency: currencyCode, live };
    const body = JSON.stringify({ event, transaction_id: providerReference, data });
    const signature = hmac("sha256", content.variant % 2 === 0 ? body : JSON.stringify(data));
    return delivery(body, { "x-signature": signature }, callbackUrl);
  },
  verify: (rawBody, headers) => verifyGetMiPayWebhook(rawBody, headers, SECRET),
};

/** Paystack: signed callbacks, queryable. Amounts in hundredths in every currency. */
export const QUERYABLE: Dialect = {
  capabilities: { ...SIGNED.capabilities, queriesCollections: true, queriesPayouts: true },
  signature: { header: "x-paystack-signature", algorithm: "sha512" },
  hasAmountIn: isCurrency,
  providerReferenceOf: (kind, reference, id) => (kind === "payout" ? `TRF_${id}` : reference),
  write: (content, callbackUrl) => {
    const { kind, status, reference, providerReference, currencyCode, live } = content;
    const factor = currencyCode === "XOF" ? 100n : 1n;
    const isPayout = kind === "payout";
    const data = {
      id: `${providerReference}`.replace(/[^0-9A-Za-z_-]/g, "_"),
      status: status === "succeeded" ? "success" : status,
      reference: isPayout ? `${reference.toLowerCase()}-payout` : reference,
      ...(isPayout ? { transfer_code: providerReference } : {}),
      amount: Number(content.amountMinor * factor),
      currency: currencyCode,
      domain: live ? "live" : "test",
    };
    const name = status === "succeeded" ? "success" : status;
    const body = JSON.stringify({ event: `${isPayout ? "transfer" : "charge"}.${name}`, data });
    return delivery(body, { "x-paystack-signature": hmac("sha512", body) }, callbackUrl);
  },
  verify: (rawBody, headers) => verifyPaystackWebhook(rawBody, headers, SECRET),
};

/** GetMiPay's public API: unsigned callbacks, verified by their address only, so that we query the provider. */
export const UNSIGNED: Dialect = {
  capabilities: { ...QUERYABLE.capabilities, signedWebhooks: false },
  signature: null,
  hasAmountIn: SIGNED.hasAmountIn,
  providerReferenceOf: (kind, _reference, id) => `${kind === "payout" ? "MPAYOUT" : "MPAYIN"}_${id}/MLS${id}`,
  write: (content, callbackUrl) => {
    const [order, pay] = content.providerReference.split("/");
    const status = content.status === "succeeded" ? "success" : content.status;
    const body = JSON.stringify({
      transaction_reference: order,
      soleaspay_reference: pay,
      status,
      amount: Number(content.amountMinor),
      currency: content.currencyCode,
      try: content.variant,
    });
    return delivery(body, {}, withProof(callbackUrl, content.reference, SECRET));
  },
  verify: (rawBody, _headers, calledAt) => readHint(rawBody, calledAt, SECRET),
};
