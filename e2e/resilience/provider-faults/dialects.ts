import { createHmac } from "node:crypto";
import { isCurrency } from "@/lib/money/currency";
import { withProof } from "@/lib/providers/getmipay/public/callback";
import { readHint } from "@/lib/providers/getmipay/public/webhook";
import { verifyGetMiPayWebhook } from "@/lib/providers/getmipay/webhook";
import { verifyPaystackWebhook } from "@/lib/providers/paystack/webhook";
import type { Capabilities, CountryCode, Direction, MethodRow, Provider } from "@/lib/providers/provider";

/** A delivery as it reaches our door. */
export interface Delivery {
  rawBody: Buffer;
  headers: Headers;
  calledAt: URL;
}

/** What a callback tells, before it is put into a provider's own words. */
export interface Told {
  kind: "collection" | "payout";
  status: "succeeded" | "failed" | "reversed";
  /** Ours, as the provider repeats it. */
  reference: string;
  /** What the provider calls it. */
  theirs: string;
  amountMinor: bigint;
  currencyCode: string;
  live: boolean;
  /** Callbacks that say the same in other words have another one. */
  variant: number;
}

/** One of the ways in which providers speak: what they can do, and how a callback is written and proven. */
export interface Dialect {
  capabilities: Omit<Capabilities, "methods" | "payoutReferenceIsIdempotent">;
  country: CountryCode;
  method: string;
  /** A mobile number there. */
  phone: string;
  /** What this provider calls the transaction `id` about `reference`. */
  nameOf(kind: Told["kind"], reference: string, id: string): string;
  write(told: Told, callbackUrl: string): Delivery;
  verify: Provider["verifyWebhook"];
}

export type DialectName = "signed" | "asked" | "hinted";

const SECRET = "a-secret-of-the-proof-and-of-nobody-else";
const HOSTS = ["pay.test"];
const WORDS = { succeeded: "completed", failed: "failed", reversed: "reversed" } as const;

export function hmac(algorithm: "sha256" | "sha512", text: string | Buffer, secret = SECRET): string {
  return createHmac(algorithm, secret).update(text).digest("hex");
}

function delivery(text: string, headers: Record<string, string>, calledAt: string): Delivery {
  return { rawBody: Buffer.from(text), headers: new Headers(headers), calledAt: new URL(calledAt) };
}

/** GetMiPay v1: signed callbacks over the whole body or over `data` alone, and nobody to ask. */
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
  nameOf: (kind, _reference, id) => `${kind === "payout" ? "PO" : "TX"}-${id}`,
  write: (told, callbackUrl) => {
    const { kind, reference, theirs, currencyCode, live } = told;
    const event = `${kind === "payout" ? "payout" : "payment"}.${WORDS[told.status]}`;
    const id = kind === "payout" ? { payout_id: theirs } : { transaction_id: theirs };
    const amount = Number(told.amountMinor);
    const data = { ...id, event, reference, amount, currency: currencyCode, live };
    const body = JSON.stringify({ event, transaction_id: theirs, data });
    const proof = hmac("sha256", told.variant % 2 === 0 ? body : JSON.stringify(data));
    return delivery(body, { "x-signature": proof }, callbackUrl);
  },
  verify: (rawBody, headers) => verifyGetMiPayWebhook(rawBody, headers, SECRET),
};

/** Paystack: signed callbacks, and an answer to every question. Hundredths in every currency. */
const asked: Dialect = {
  capabilities: { ...signed.capabilities, queriesCollections: true, queriesPayouts: true },
  country: "CI",
  method: "orange_money",
  phone: "+2250701020304",
  nameOf: (kind, reference, id) => (kind === "payout" ? `TRF_${id}` : reference),
  write: (told, callbackUrl) => {
    const { kind, status, reference, theirs, currencyCode, live } = told;
    const factor = currencyCode === "XOF" ? 100n : 1n;
    const isPayout = kind === "payout";
    const data = {
      id: `${theirs}`.replace(/[^0-9A-Za-z_-]/g, "_"),
      status: status === "succeeded" ? "success" : status,
      reference: isPayout ? `${reference.toLowerCase()}-payout` : reference,
      ...(isPayout ? { transfer_code: theirs } : {}),
      amount: Number(told.amountMinor * factor),
      currency: currencyCode,
      domain: live ? "live" : "test",
    };
    const name = status === "succeeded" ? "success" : status;
    const body = JSON.stringify({ event: `${isPayout ? "transfer" : "charge"}.${name}`, data });
    return delivery(body, { "x-paystack-signature": hmac("sha512", body) }, callbackUrl);
  },
  verify: (rawBody, headers) => verifyPaystackWebhook(rawBody, headers, SECRET),
};

/** GetMiPay's public dialect: a callback proves whose it is by its address and nothing else, so it has us ask. */
const hinted: Dialect = {
  capabilities: { ...asked.capabilities, signedWebhooks: false },
  country: "BJ",
  method: "moov_money",
  phone: "+2290195000000",
  nameOf: (kind, _reference, id) => `${kind === "payout" ? "MPAYOUT" : "MPAYIN"}_${id}/MLS${id}`,
  write: (told, callbackUrl) => {
    const [order, pay] = told.theirs.split("/");
    const status = told.status === "succeeded" ? "success" : told.status;
    const body = JSON.stringify({
      transaction_reference: order,
      soleaspay_reference: pay,
      status,
      amount: Number(told.amountMinor),
      currency: told.currencyCode,
      try: told.variant,
    });
    return delivery(body, {}, withProof(callbackUrl, told.reference, SECRET));
  },
  verify: (rawBody, _headers, calledAt) => readHint(rawBody, calledAt, SECRET),
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { signed, asked, hinted };
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

/** Does it say how much, or only in what? v1 and the public dialect know whole francs and nothing else. */
export function tellsAmountIn(dialect: DialectName, currencyCode: string): boolean {
  return dialect === "asked" ? isCurrency(currencyCode) : currencyCode === "XOF";
}

/** What a dialect's provider offers in one direction. */
export function methodRow(dialect: DialectName, direction: Direction, method?: string): MethodRow {
  const { country } = DIALECTS[dialect];
  const limits = { minMinor: 100n, maxMinor: 1_000_000n, stepMinor: 1n };
  return { method: method ?? DIALECTS[dialect].method, country, direction, currency: "XOF", ...limits };
}
