import { type Fields, isFields } from "../exchange";
import type { Dispute, WebhookEvent } from "../provider";
import { readAmount } from "./amount";
import { fromChargeReference } from "./reference";
import { readLive } from "./state";

const REFUND_OUTCOMES = new Map<string, Dispute["outcome"]>([
  ["refund.pending", "open"],
  ["refund.processing", "open"],
  ["refund.needs-attention", "open"],
  ["refund.processed", "lost"],
  ["refund.failed", "won"],
]);

/** Resolutions by which the payer gets the money (`merchant-accepted`, `auto-accepted`) and by which not. */
const RESOLUTIONS = new Map<string, Dispute["outcome"]>([
  ["merchant-accepted", "lost"],
  ["auto-accepted", "lost"],
  ["accepted", "lost"],
  ["declined", "won"],
]);

function word(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

function nameOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return String(value);
  return typeof value === "string" && /^[0-9A-Za-z_.=-]{1,64}$/.test(value) ? value : null;
}

/** The same refund's events may lack a name of it: then charge and amount are its name. */
function readRefund(name: string, data: Fields): WebhookEvent | null {
  const outcome = REFUND_OUTCOMES.get(name);
  const transaction = isFields(data.transaction) ? data.transaction : {};
  const reference =
    fromChargeReference(transaction.reference) ?? fromChargeReference(data.transaction_reference);
  if (outcome === undefined || reference === null) return null;
  const reported = readAmount(data.amount, data.currency);
  const own = nameOf(data.refund_reference) ?? nameOf(data.id);
  const subject = own ?? `${reference}:${reported.amount?.amountMinor ?? "all"}`;
  return toEvent(name, reference, data, { dispute: { type: "refund", subject, outcome }, ...reported });
}

/** A dispute that was lost shows its transaction as reversed. */
function outcomeOf(name: string, data: Fields, transaction: Fields): Dispute["outcome"] {
  if (name !== "charge.dispute.resolve") return "open";
  if (word(transaction.status) === "reversed" || word(data.status) === "reversed") return "lost";
  return RESOLUTIONS.get(word(data.resolution)) ?? "open";
}

function readChargeback(name: string, data: Fields): WebhookEvent | null {
  if (!/^charge\.dispute\.(create|remind|resolve)$/.test(name)) return null;
  const transaction = isFields(data.transaction) ? data.transaction : {};
  const reference = fromChargeReference(
    transaction.reference ?? data.transaction_reference ?? data.reference,
  );
  if (reference === null) return null;
  const outcome = outcomeOf(name, data, transaction);
  const subject = nameOf(data.id) ?? reference;
  const reported = readAmount(data.refund_amount, data.currency ?? transaction.currency);
  return toEvent(name, reference, data, { dispute: { type: "chargeback", subject, outcome }, ...reported });
}

function toEvent(
  name: string,
  reference: string,
  data: Fields,
  read: Pick<WebhookEvent, "amount" | "currencyCode"> & { dispute: Dispute },
): WebhookEvent {
  const { dispute } = read;
  return {
    ...read,
    kind: "dispute",
    status: "reversed",
    reference,
    providerReference: null,
    reasonCode: null,
    live: readLive(data.domain),
    eventKey: `${name}:${dispute.subject}:${dispute.outcome}`,
  };
}

/**
 * `refund.*` and `charge.dispute.*` about a charge of ours, whoever began them: Paystack, the payer's bank, or somebody in
 * Paystack's dashboard. Null for any other event, and for one that names no charge.
 */
export function readDispute(name: string, data: Fields): WebhookEvent | null {
  return readRefund(name, data) ?? readChargeback(name, data);
}
