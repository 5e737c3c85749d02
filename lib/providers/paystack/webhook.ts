import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type Fields, isFields } from "../exchange";
import { mentionsOf, parseJsonNode } from "../json-node";
import type { ProviderState, ProviderStatus, WebhookEvent } from "../provider";
import { readDispute } from "./disputes";
import { paystackManifest } from "./manifest";
import { fromChargeReference, fromTransferReference } from "./reference";
import { chargeState, transferState } from "./state";

/** Paystack's names and their synonyms, compared without case and spaces. */
const EVENTS = new Map<string, { kind: "collection" | "payout"; status: ProviderStatus }>([
  ["charge.success", { kind: "collection", status: "succeeded" }],
  ["charge.successful", { kind: "collection", status: "succeeded" }],
  ["charge.failed", { kind: "collection", status: "failed" }],
  ["transfer.success", { kind: "payout", status: "succeeded" }],
  ["transfer.successful", { kind: "payout", status: "succeeded" }],
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
  if (!/^[0-9a-f]{128}$/i.test(value)) return false;
  return timingSafeEqual(Buffer.from(value, "hex"), Buffer.from(sign(rawBody, secretKey), "hex"));
}

interface Body {
  name: string;
  data: Fields | null;
  mentions: readonly string[];
}

/** Null for a body that no reader, or not every reader, reads the same. */
function readBody(rawBody: Uint8Array): Body | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(rawBody);
  } catch {
    return null;
  }
  const node = parseJsonNode(text);
  if (node === null) return null;
  const body: unknown = JSON.parse(text);
  const { event, data } = isFields(body) ? body : {};
  const name = typeof event === "string" ? event.trim().toLowerCase() : "";
  return {
    name: /^[a-z0-9_.-]{1,64}$/.test(name) ? name : "event",
    data: isFields(data) ? data : null,
    // Transfers name our reference as theirs.
    mentions: mentionsOf(node).flatMap((each) => [each, fromTransferReference(each) ?? []].flat()),
  };
}

/** The transaction's id, or our reference: Paystack's events have no id, so its key is made of name and subject. */
function subjectOf({ id }: Fields, reference: string | null): string | null {
  if (typeof id === "number" && Number.isSafeInteger(id) && id > 0) return String(id);
  if (typeof id === "string" && /^[0-9A-Za-z_-]{1,64}$/.test(id)) return id;
  return reference;
}

/** With a key by content: it must not take the key of an event that is understood about the same transaction. */
function notUnderstood(name: string, rawBody: Uint8Array): WebhookEvent {
  const digest = createHash("sha256").update(rawBody).digest("hex").slice(0, 32);
  return { ...NOTHING_CLAIMED, kind: "unknown", reference: null, eventKey: `unknown.${name}:${digest}` };
}

function toWebhookEvent({ name, data, mentions }: Body, rawBody: Uint8Array): WebhookEvent {
  const unknown = { ...notUnderstood(name, rawBody), mentions };
  if (data === null) return unknown;
  const dispute = readDispute(name, data);
  if (dispute !== null) return { ...dispute, mentions };
  const known = EVENTS.get(name);
  if (!known) return unknown;
  const isPayout = known.kind === "payout";
  const state = isPayout ? transferState(data) : chargeState(data);
  const reference = (isPayout ? fromTransferReference : fromChargeReference)(data.reference);
  const subject = subjectOf(data, reference);
  // An event that contradicts itself is stored, and moves nothing.
  if (state.status !== known.status || subject === null) return unknown;
  const eventKey = `${name.replace(/successful$/, "success")}:${subject}`;
  return { ...state, kind: known.kind, reference, eventKey, mentions };
}

/**
 * x-paystack-signature over the raw bytes. Null when the signature is wrong; whatever is signed is an event. Only
 * `charge.success` and `transfer.success|failed|reversed` move money; refunds and disputes are kind `dispute`.
 */
export function verifyPaystackWebhook(
  rawBody: Uint8Array,
  headers: Headers,
  secretKey: string,
): WebhookEvent | null {
  if (rawBody.byteLength > paystackManifest.webhook.bodyBytesMax) return null;
  if (!isSigned(rawBody, headers, secretKey)) return null;
  const body = readBody(rawBody);
  if (body === null) return { ...notUnderstood("unreadable", rawBody), isUnreadable: true };
  return toWebhookEvent(body, rawBody);
}
