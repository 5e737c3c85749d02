import { createHash, timingSafeEqual } from "node:crypto";
import { isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { ProviderStatus, WebhookEvent } from "../provider";
import { sign } from "./client";
import { pythonJson, readSignedDocument, type SignedDocument } from "./signed-json";

/** Larger bodies are refused before their HMAC is computed. */
export const WEBHOOK_BYTES_MAX = 256 * 1024;

const EVENTS = new Map<string, { kind: "collection" | "payout"; status: ProviderStatus }>([
  ["payment.completed", { kind: "collection", status: "succeeded" }],
  ["payment.failed", { kind: "collection", status: "failed" }],
  ["payout.completed", { kind: "payout", status: "succeeded" }],
  ["payout.failed", { kind: "payout", status: "failed" }],
  ["payout.reversed", { kind: "payout", status: "reversed" }],
]);

const STATUS_OF_DATA = new Map<string, ProviderStatus>([
  ["completed", "succeeded"],
  ["success", "succeeded"],
  ["successful", "succeeded"],
  ["failed", "failed"],
  ["cancelled", "failed"],
  ["reversed", "reversed"],
  ["pending", "pending"],
]);

/** What the signature covers. In the seed's form that is `data` alone, so nothing of the envelope is kept. */
interface SignedPart {
  event: string | null;
  transactionId: string | null;
  data: Record<string, unknown>;
}

function matches(content: string | Uint8Array, secret: string, signature: Buffer): boolean {
  const expected = Buffer.from(sign(content, secret), "hex");
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

/** A repeated header arrives joined with a comma, so it fails here like any other text that isn't one digest. */
function readSignature(headers: Headers): Buffer | null {
  const value = headers.get("x-signature") ?? "";
  return /^[0-9a-f]{64}$/.test(value) ? Buffer.from(value, "hex") : null;
}

function decode(rawBody: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(rawBody);
  } catch {
    return null;
  }
}

function text(value: unknown, shape: RegExp): string | null {
  return typeof value === "string" && shape.test(value) ? value : null;
}

const eventName = (value: unknown) => text(value, /^[a-z0-9_.-]{1,64}$/);
const identifier = (value: unknown) => text(value, /^[\x21-\x7e]{1,128}$/);

/** The seed's own form: HMAC over `data` alone, as it stands or as Node or Python would write it again. */
function isDataSigned(document: SignedDocument, secret: string, signature: Buffer): boolean {
  const forms = [
    document.rawData,
    JSON.stringify(document.data),
    pythonJson(document.data, false),
    pythonJson(document.data, true),
  ];
  return forms.some((form) => matches(form, secret, signature));
}

/** The event's name from `data` alone: its `event`, or derived from its status and the kind of its id. */
function eventWithinData(data: Record<string, unknown>): string | null {
  if (data.event !== undefined) return eventName(data.event);
  const isPayout = identifier(data.payout_id) !== null;
  if (isPayout === (identifier(data.transaction_id) !== null)) return null;
  const status = STATUS_OF_DATA.get(typeof data.status === "string" ? data.status : "");
  const kind = isPayout ? "payout" : "collection";
  return [...EVENTS].find(([, known]) => known.kind === kind && known.status === status)?.[0] ?? null;
}

/** v1 has whole francs only. Without a currency it is XOF; for another one only its code is returned. */
function readAmount(data: Record<string, unknown>): { amount: Money | null; currencyCode: string | null } {
  const { amount, currency = null } = data;
  const currencyCode = text(currency, /^[A-Z]{3}$/);
  const isFrancs = currency === null || (currencyCode === "XOF" && isCurrency(currencyCode));
  const isAmount = typeof amount === "number" && Number.isSafeInteger(amount) && amount > 0;
  return { amount: isFrancs && isAmount ? money(BigInt(amount), "XOF") : null, currencyCode };
}

/** False when the signed part contradicts itself: such an event is stored, and moves nothing. */
function isConsistent({ event, transactionId, data }: SignedPart, status: ProviderStatus): boolean {
  const claimed = typeof data.status === "string" ? data.status : "";
  if (data.status !== undefined && STATUS_OF_DATA.get(claimed) !== status) return false;
  if (data.event !== undefined && data.event !== event) return false;
  return transactionId === null || data.transaction_id === undefined || data.transaction_id === transactionId;
}

function toWebhookEvent(part: SignedPart): WebhookEvent {
  const { data } = part;
  const known = EVENTS.get(part.event ?? "");
  const ownId = known?.kind === "payout" ? (data.payout_id ?? data.transaction_id) : data.transaction_id;
  const providerReference = identifier(ownId) ?? part.transactionId;
  const common = {
    reference: text(data.reference, /^[A-Za-z0-9_.=-]{1,64}$/),
    providerReference,
    ...readAmount(data),
    reasonCode: text(data.reason, /^[a-z][a-z0-9_.]{0,39}$/i),
    live: typeof data.live === "boolean" ? data.live : null,
  };
  if (known && providerReference !== null && isConsistent(part, known.status)) {
    return { ...common, ...known, eventKey: `${part.event}:${providerReference}` };
  }
  // A key by content: it must not take the key of a consistent event about the same transaction.
  const digest = createHash("sha256").update(JSON.stringify(part)).digest("hex").slice(0, 32);
  return {
    ...common,
    kind: "unknown",
    status: "pending",
    eventKey: `unknown.${part.event ?? "event"}:${digest}`,
  };
}

/**
 * X-Signature = hex HMAC-SHA256 with the webhook secret over the raw bytes, or, as in the seed, over `data` alone:
 * then nothing outside `data` is read. Null when the signature is wrong or the signed body is ambiguous.
 */
export function verifyGetMiPayWebhook(
  rawBody: Uint8Array,
  headers: Headers,
  webhookSecret: string,
): WebhookEvent | null {
  const signature = readSignature(headers);
  if (signature === null || rawBody.byteLength > WEBHOOK_BYTES_MAX) return null;
  const isWholeSigned = matches(rawBody, webhookSecret, signature);
  const body = decode(rawBody);
  const document = body === null ? null : readSignedDocument(body);
  if (document === null) return null;
  if (isWholeSigned) {
    const { event, transaction_id: transactionId } = document.body;
    return toWebhookEvent({
      event: eventName(event),
      transactionId: identifier(transactionId),
      data: document.data,
    });
  }
  if (!isDataSigned(document, webhookSecret, signature)) return null;
  return toWebhookEvent({ event: eventWithinData(document.data), transactionId: null, data: document.data });
}
