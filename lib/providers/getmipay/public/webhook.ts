import { createHash } from "node:crypto";
import { type Fields, isFields, parseJson } from "../../exchange";
import type { WebhookEvent } from "../../provider";
import { getMiPayManifest } from "../manifest";
import { identifier } from "./answer";
import { readProof } from "./callback";
import { joinReferences } from "./mapper";
import { readAmount, toStatus } from "./state";

/**
 * Names that integrators read their transaction from; GetMiPay documents no callback body. `reference` and
 * `external_reference` come last, because they may be anybody's.
 */
const ORDER_FIELDS = ["transaction_reference", "order_id", "reference", "external_reference"];
const PAY_FIELDS = ["soleaspay_reference", "pay_id"];

function parseBody(rawBody: Uint8Array): Fields {
  try {
    const body = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
    if (!isFields(body)) return {};
    // Some see the fields at the top, some within `data`.
    return { ...(isFields(body.data) ? body.data : {}), ...body };
  } catch {
    return {};
  }
}

function firstIdentifier(fields: Fields, names: readonly string[], except: string | null): string | null {
  return names.map((name) => identifier(fields[name])).find((id) => id !== null && id !== except) ?? null;
}

function readReference(fields: Fields, ours: string | null): string | null {
  const orderId = firstIdentifier(fields, ORDER_FIELDS, ours);
  const payId = firstIdentifier(fields, PAY_FIELDS, null);
  return orderId !== null && payId !== null ? joinReferences(orderId, payId) : orderId;
}

/** Their references begin with what they are for (documented by example). */
function kindOf(providerReference: string | null): WebhookEvent["kind"] {
  if (providerReference?.startsWith("MPAYIN_")) return "collection";
  return providerReference?.startsWith("MPAYOUT_") ? "payout" : "unknown";
}

/**
 * A callback as a hint: status and amount are claims, to be confirmed by a query. With `callbackUrl`, the address that
 * was called, it has our reference if we gave that address out, and is null if we didn't. Without `callbackUrl` a body
 * that names a transaction of theirs is a hint without a reference; any other is null.
 */
export function readHint(
  rawBody: Uint8Array,
  callbackUrl: URL | undefined,
  secret: string,
): WebhookEvent | null {
  if (rawBody.byteLength > getMiPayManifest.webhook.bodyBytesMax) return null;
  const reference = callbackUrl ? readProof(callbackUrl, secret) : null;
  if (callbackUrl && reference === null) return null;
  const fields = parseBody(rawBody);
  const providerReference = readReference(fields, reference);
  if (reference === null && providerReference === null) return null;
  // A key by content: a forged callback must not take the key of an authentic one about the same transaction.
  const digest = createHash("sha256")
    .update(`${reference ?? ""}\n`)
    .update(rawBody)
    .digest("hex")
    .slice(0, 32);
  const claimed =
    typeof fields.status === "string" && /^[a-z]{1,32}$/i.test(fields.status) ? fields.status : "none";
  return {
    eventKey: `hint.${claimed.toLowerCase()}:${digest}`,
    kind: reference === null ? kindOf(providerReference) : "collection",
    reference,
    providerReference,
    status: toStatus(fields.status),
    ...readAmount(fields),
    reasonCode: null,
    live: null,
  };
}
