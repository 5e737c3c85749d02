import { createHmac } from "node:crypto";
import { isCurrency } from "@/lib/money/currency";
import { withProof } from "@/lib/providers/getmipay/public/callback";
import { readHint } from "@/lib/providers/getmipay/public/webhook";
import { verifyGetMiPayWebhook } from "@/lib/providers/getmipay/webhook";
import { verifyPaystackWebhook } from "@/lib/providers/paystack/webhook";
import type { Capabilities, CountryCode, Direction, MethodRow, Provider } from "@/lib/providers/provider";

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
  country: CountryCode;
  method: string;
  /** A mobile number of the country. */
  phone: string;
  /** The provider's reference of transaction `id`. */
  providerReferenceOf(kind: CallbackContent["kind"], reference: string, id: string): string;
  write(content: CallbackContent, callbackUrl: string): Delivery;
  verify: Provider["verifyWebhook"];
}

export type DialectName = "signed" | "queryable" | "unsigned";

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
const signed: Dialect = {
  capabilities: {
    signedWebhooks: true,
    queriesCollections: false,
    queriesPayouts: false,
    listsTransactions: false,
    paymentHosts: HOSTS,
  },
  country: "BF",
  method: "wave",
  phone: "+22670000004",
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
const queryable: Dialect = {
  capabilities: { ...signed.capabilities, queriesCollections: true, queriesPayouts: true },
  country: "CI",
  method: "orange_money",
  phone: "+2250701020304",
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
const unsigned: Dialect = {
  capabilities: { ...queryable.capabilities, signedWebhooks: false },
  country: "BJ",
  method: "moov_money",
  phone: "+2290195000000",
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

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { signed, queryable, unsigned };
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

/** True when callbacks in this currency have an amount: GetMiPay only knows whole francs. */
export function hasAmountIn(dialect: DialectName, currencyCode: string): boolean {
  return dialect === "queryable" ? isCurrency(currencyCode) : currencyCode === "XOF";
}

/** The provider's method in one direction. */
export function methodRow(dialect: DialectName, direction: Direction, method?: string): MethodRow {
  const { country } = DIALECTS[dialect];
  const limits = { minMinor: 100n, maxMinor: 1_000_000n, stepMinor: 1n };
  return { method: method ?? DIALECTS[dialect].method, country, direction, currency: "XOF", ...limits };
}
