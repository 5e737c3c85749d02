import { createHmac } from "node:crypto";
import { verifyGetMiPayWebhook } from "@/lib/providers/getmipay/webhook";

const SECRET = "wh_secret_0123456789abcdef";

/** The signature of GetMiPay's v1 dialect: HMAC-SHA256 in hex, by the tests' webhook secret. */
export const signatureOf = (content: string | Uint8Array, secret = SECRET): string =>
  createHmac("sha256", secret).update(content).digest("hex");

/** Reads a callback that came with these headers; null when its signature is wrong. */
export function verifyWithHeaders(body: Uint8Array, headers: Headers, options: { rawOnly?: boolean } = {}) {
  return verifyGetMiPayWebhook(body, headers, SECRET, options);
}

export function verifyCallback(body: string | Uint8Array, signature: string) {
  return verifyWithHeaders(Buffer.from(body), new Headers({ "x-signature": signature }));
}

/** Reads a callback with a right signature over its raw bytes. */
export const readSigned = (body: string | Uint8Array) => verifyCallback(body, signatureOf(body));

const data = {
  transaction_id: "gmp_1",
  reference: "TXN-23456789ABCD",
  status: "completed",
  amount: 5000,
  currency: "XOF",
};

/** A payment of 5,000 francs that was completed. */
export const CALLBACK = { event: "payment.completed", transaction_id: "gmp_1", data };
