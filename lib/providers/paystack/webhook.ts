import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type Fields, isFields, parseJson } from "../exchange";
import type { ProviderState, ProviderStatus, WebhookEvent } from "../provider";
import { fromChargeReference, fromTransferReference } from "./reference";
import { chargeState, transferState } from "./state";

/** Larger bodies are refused before their HMAC is computed. */
export const WEBHOOK_BYTES_MAX = 256 * 1024;

const EVENTS = new Map<string, { kind: "collection" | "payout"; status: ProviderStatus }>([
  ["charge.success", { kind: "collection", status: "succeeded" }],
  ["transfer.success", { kind: "payout", status: "succeeded" }],
  ["transfer.failed", { kind: "payout", status: "failed" }],
  ["transfer.reversed", { kind: "payout", status: "reversed" }],
]);

const NOTHING_CLAIMED: ProviderState = {
  status: "pending",
  providerReference: null,
  amount: null,
  currencyCode: null,
  reasonCode: null,
  live: null,
};

/** Lower-case hex HMAC-SHA512 of the exact bytes, keyed with the API's secret key. */
export function sign(rawBody: string | Uint8Array, secretKey: string): string {
  return createHmac("sha512", secretKey).update(rawBody).digest("hex");
}

/** A repeated header arrives joined with a comma, so it fails here like any other text that isn't one digest. */
function isSigned(rawBody: Uint8Array, headers: Headers, secretKey: string): boolean {
  const value = headers.get("x-paystack-signature") ?? "";
  if (!/^[0-9a-f]{128}$/.test(value)) return false;
  return timingSafeEqual(Buffer.from(value, "hex"), Buffer.from(sign(rawBody, secretKey), "hex"));
}

function parseBody(rawBody: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
  } catch {
    return null;
  }
}

/** The transaction's id, or our reference: Paystack's events have no id, so its key is made of name and subject. */
function subjectOf(data: Fields, reference: string | null): string | null {
  const { id } = data;
  if (typeof id === "number" && Number.isSafeInteger(id) && id > 0) return String(id);
  if (typeof id === "string" && /^[0-9A-Za-z_-]{1,64}$/.test(id)) return id;
  return reference;
}

/** With a key by content: it must not take the key of a consistent event about the same transaction. */
function unknownEvent(name: string, rawBody: Uint8Array): WebhookEvent {
  const digest = createHash("sha256").update(rawBody).digest("hex").slice(0, 32);
  return { ...NOTHING_CLAIMED, kind: "unknown", reference: null, eventKey: `unknown.${name}:${digest}` };
}

function toWebhookEvent(body: Fields, rawBody: Uint8Array): WebhookEvent {
  const { event, data } = body;
  const name = typeof event === "string" && /^[a-z0-9_.-]{1,64}$/.test(event) ? event : "event";
  const known = EVENTS.get(name);
  if (!known || !isFields(data)) return unknownEvent(name, rawBody);
  const state = known.kind === "payout" ? transferState(data) : chargeState(data);
  const theirs = known.kind === "payout" ? fromTransferReference : fromChargeReference;
  const reference = theirs(data.reference);
  const subject = subjectOf(data, reference);
  // An event that contradicts itself is stored, and moves nothing.
  if (state.status !== known.status || subject === null) return unknownEvent(name, rawBody);
  return { ...state, kind: known.kind, reference, eventKey: `${name}:${subject}` };
}

/**
 * x-paystack-signature over the raw bytes. Null when the signature is wrong or the signed body isn't a JSON object.
 * Only `charge.success` and `transfer.success|failed|reversed` move money; every other event is `unknown`.
 */
export function verifyPaystackWebhook(
  rawBody: Uint8Array,
  headers: Headers,
  secretKey: string,
): WebhookEvent | null {
  if (rawBody.byteLength > WEBHOOK_BYTES_MAX || !isSigned(rawBody, headers, secretKey)) return null;
  const body = parseBody(rawBody);
  return isFields(body) ? toWebhookEvent(body, rawBody) : null;
}
