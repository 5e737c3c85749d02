import { createHash, timingSafeEqual } from "node:crypto";
import type { Money } from "@/lib/money/money";
import { type JsonNode, type JsonObject, memberOf, mentionsOf, parseJsonNode, wordOf } from "../json-node";
import type { ProviderStatus, WebhookChecks, WebhookEvent } from "../provider";
import { readPaidAt } from "../read-instant";
import { sign } from "./client";
import { getMiPayManifest } from "./manifest";
import { pythonJson } from "./python-json";
import { readAmount } from "./webhook-amount";
import { type EventName, readEventName, statusOfWord } from "./words";

/** The seed's form is looked for in no longer body: it has to be parsed before its signature is known to be right. */
export const SEED_FORM_BYTES_MAX = 8 * 1024;

/** What the signature covers. In the seed's form that is `data` alone, so nothing of the envelope is kept. */
interface SignedPart {
  event: string | null;
  transactionId: string | null;
  data: JsonObject;
  /** All that is signed. */
  whole: JsonNode;
}

function matches(content: string | Uint8Array, secret: string, signature: Buffer): boolean {
  const expected = Buffer.from(sign(content, secret), "hex");
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

/** A repeated header arrives joined with a comma, so it fails here like any other text that isn't one digest. */
function readSignature(headers: Headers): Buffer | null {
  const value = headers.get("x-signature") ?? "";
  return /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, "hex") : null;
}

function parse(rawBody: Uint8Array): JsonNode | null {
  try {
    return parseJsonNode(new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
  } catch {
    return null;
  }
}

function shaped(node: JsonNode | null, shape: RegExp): string | null {
  const word = wordOf(node);
  return word !== null && shape.test(word) ? word : null;
}

const eventName = (node: JsonNode | null) => shaped(node, /^[A-Za-z0-9_.:/ -]{1,64}$/);
const identifier = (node: JsonNode | null) => shaped(node, /^[\x21-\x7e]{1,128}$/);

/** The seed's own form: HMAC over `data` alone, as it stands or as Node or Python would write it again. */
function isDataSigned(data: JsonObject, secret: string, signature: Buffer): boolean {
  const forms = [
    () => pythonJson(data, true),
    () => data.text,
    () => JSON.stringify(JSON.parse(data.text)),
    () => pythonJson(data, false),
  ];
  return forms.some((form) => matches(form(), secret, signature));
}

/** The id of the payment or payout: its own field, or `id`. */
function ownId(data: JsonObject, kind: Meaning["kind"]): string | null {
  const names = kind !== "collection" ? ["payout_id", "transaction_id", "id"] : ["transaction_id", "id"];
  return names.map((name) => identifier(memberOf(data, name))).find((id) => id !== null) ?? null;
}

/** What integrators call our reference where the event has no `reference`. */
const ORDER_FIELDS = ["order_id", "merchant_reference", "client_reference", "external_reference"];

function readReference(data: JsonObject): string | null {
  const hasOwn = memberOf(data, "reference") !== null;
  const names = hasOwn ? ["reference"] : ORDER_FIELDS;
  const read = names.map((name) => shaped(memberOf(data, name), /^[A-Za-z0-9_.=-]{1,64}$/));
  return read.find((reference) => reference !== null) ?? null;
}

interface Meaning {
  /** Null where it may be either. */
  kind: "collection" | "payout" | null;
  status: ProviderStatus;
}

/** Null without a name, empty for one that can't be read. */
function nameIn(node: JsonNode): string | null {
  const name = memberOf(node, "event");
  return name === null ? null : (eventName(name) ?? "");
}

/** What the signed part says by its event and its status; null when it isn't understood, or contradicts itself. */
function meaningOf({ event, data }: SignedPart): Meaning | null {
  const names = [event, nameIn(data)].filter((name) => name !== null);
  const read = names.map(readEventName);
  const status = memberOf(data, "status");
  const claimed = status === null ? null : statusOfWord(wordOf(status) ?? "");
  if (read.includes(null) || (status !== null && claimed === null)) return null;
  const kind = kindOf(
    read.filter((name) => name !== null),
    data,
  );
  const statuses = new Set(
    [...read.map((name) => name?.status ?? null), claimed].filter((each) => each !== null),
  );
  const [meant] = statuses;
  return statuses.size === 1 && kind !== undefined && meant ? { kind, status: meant } : null;
}

/** Undefined where names contradict each other. A name of both kinds leaves it to the payout's id. */
function kindOf(names: readonly EventName[], data: JsonObject): Meaning["kind"] | undefined {
  if (names.length === 0) return kindOfIds(data);
  const kinds = new Set(names.map(({ kind }) => kind).filter((kind) => kind !== null));
  const [kind] = kinds;
  if (kinds.size > 1) return undefined;
  return kind ?? (kindOfIds(data) === "payout" ? "payout" : null);
}

/** Without an event's name the kind of its id says what it is about. */
function kindOfIds(data: JsonObject): "collection" | "payout" | undefined {
  const isPayout = identifier(memberOf(data, "payout_id")) !== null;
  if (isPayout === (identifier(memberOf(data, "transaction_id")) !== null)) return undefined;
  return isPayout ? "payout" : "collection";
}

const NAMES = { collection: "payment", payout: "payout" };
const CANONICAL = {
  succeeded: "completed",
  failed: "failed",
  reversed: "reversed",
  pending: "pending",
  not_found: "",
};

/** A payment can be given back in parts, each with its amount; everything else happens once. */
function eventKeyOf({ kind, status }: Meaning, subject: string, amount: Money | null): string {
  const key = `${kind === null ? "transaction" : NAMES[kind]}.${CANONICAL[status]}:${subject}`;
  return kind !== "payout" && status === "reversed" && amount ? `${key}:${amount.amountMinor}` : key;
}

function toWebhookEvent(part: SignedPart): WebhookEvent {
  const { data, transactionId } = part;
  const meaning = meaningOf(part);
  const own = ownId(data, meaning?.kind ?? "collection");
  const live = memberOf(data, "live")?.text;
  const common = {
    reference: readReference(data),
    providerReference: own ?? transactionId,
    ...readAmount(data),
    reasonCode: shaped(memberOf(data, "reason"), /^[a-z][a-z0-9_.]{0,39}$/i),
    live: live === "true" ? true : live === "false" ? false : null,
    mentions: mentionsOf(part.whole),
  };
  // Money is booked even where nothing names its payment.
  const nameless = common.amount === null ? null : digestOf(part.whole.text);
  const subject = common.providerReference ?? common.reference ?? nameless;
  const inner = identifier(memberOf(data, "transaction_id"));
  const isOneTransaction = transactionId === null || inner === null || transactionId === inner;
  if (meaning && subject !== null && isOneTransaction) {
    const { kind, status } = meaning;
    const stamp = status === "succeeded" ? readPaidAt((name) => wordOf(memberOf(data, name))) : {};
    const key = eventKeyOf(meaning, subject, common.amount);
    // Without an amount it may be sent again in full: that must not be taken for a repetition.
    const eventKey = common.amount === null ? `${key}:${digestOf(part.whole.text)}` : key;
    return kind === null
      ? { ...common, ...stamp, status, eventKey, kind: "unknown", isKindUnclear: true }
      : { ...common, ...stamp, status, eventKey, kind };
  }
  return { ...common, ...notUnderstood(part.event, part.whole.text) };
}

function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}

/** A key by content: it must not take the key of an event that is understood. */
function notUnderstood(event: string | null, content: string | Uint8Array) {
  const digest = digestOf(content);
  const name = (event || "event").toLowerCase().replace(/[^a-z0-9_.-]/g, "_");
  return { kind: "unknown", status: "pending", eventKey: `unknown.${name}:${digest}` } as const;
}

/** Signed, but two readers could read it differently, or none can: it is kept, and a person has to look at it. */
function unreadable(rawBody: Uint8Array): WebhookEvent {
  return {
    ...notUnderstood("unreadable", rawBody),
    reference: null,
    providerReference: null,
    amount: null,
    currencyCode: null,
    reasonCode: null,
    live: null,
    isUnreadable: true,
  };
}

/** A flat event has its fields beside its name. */
function wholePart(whole: JsonNode): SignedPart {
  const empty: JsonObject = { kind: "object", text: "{}", members: new Map() };
  const inner = memberOf(whole, "data");
  const outer = whole.kind === "object" ? whole : empty;
  const data = inner?.kind === "object" ? inner : outer;
  return {
    event: nameIn(whole),
    transactionId: identifier(memberOf(whole, "transaction_id")),
    data,
    whole,
  };
}

/**
 * X-Signature = hex HMAC-SHA256 with the webhook secret over the raw bytes, which are checked first, or, as in the seed,
 * over `data` alone: then nothing outside `data` is read. Null when the signature is wrong.
 */
export function verifyGetMiPayWebhook(
  rawBody: Uint8Array,
  headers: Headers,
  webhookSecret: string,
  { rawOnly = false }: WebhookChecks = {},
): WebhookEvent | null {
  const signature = readSignature(headers);
  if (signature === null || rawBody.byteLength > getMiPayManifest.webhook.bodyBytesMax) return null;
  if (matches(rawBody, webhookSecret, signature)) {
    const whole = parse(rawBody);
    return whole === null ? unreadable(rawBody) : toWebhookEvent(wholePart(whole));
  }
  if (rawOnly || rawBody.byteLength > SEED_FORM_BYTES_MAX) return null;
  const data = memberOf(parse(rawBody), "data");
  if (data?.kind !== "object" || !isDataSigned(data, webhookSecret, signature)) return null;
  return toWebhookEvent({ event: null, transactionId: null, data, whole: data });
}
