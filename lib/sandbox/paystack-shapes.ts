import type { BookEntry, BookWebhook, PaystackDetails, Recipient } from "./book";
import { json, type Reply } from "./http";
import type { Step } from "./scenario";
import { findScenario } from "./scenarios";

export type PaystackEntry = BookEntry & { paystack: PaystackDetails };

export function isPaystack(entry: BookEntry | null): entry is PaystackEntry {
  return entry?.paystack !== undefined;
}

const INTEGRATION = 463_433;

/** 2xx, in Paystack's envelope. */
export function worked(status: number, message: string, data: unknown, meta?: object): Reply {
  return json(status, { status: true, message, data, ...(meta === undefined ? {} : { meta }) });
}

export function refuse(status: number, code: string, message: string): Reply {
  const meta = { nextStep: "Ensure that the request is right, then try again" };
  return json(status, { status: false, message, meta, type: "validation_error", code });
}

/** True while a query's index lags behind. */
export function isHidden({ paystack }: PaystackEntry): boolean {
  return paystack.hiddenUntil !== null && Date.parse(paystack.hiddenUntil) > Date.now();
}

/** 1.5 % and ₦100, which falls away below ₦2,500; ₦2,000 at most. */
function feesOf(amount: number): number {
  return Math.min(200_000, Math.ceil((amount * 15) / 1000) + (amount < 250_000 ? 0 : 10_000));
}

function domainOf(entry: BookEntry): "test" | "live" {
  const steps = findScenario(entry.scenario)?.steps ?? [];
  return steps.some((step) => step.difference === "mode") ? "live" : "test";
}

function chargeWords(entry: PaystackEntry, isKnown: boolean): { status: string; gateway_response: string } {
  switch (isKnown ? entry.state : "pending") {
    case "completed":
      return { status: "success", gateway_response: "Successful" };
    case "failed":
      return { status: "failed", gateway_response: "Declined" };
    case "reversed":
      return { status: "reversed", gateway_response: "Reversed" };
    default:
      // Paystack calls a charge abandoned from its start until somebody pays it.
      return { status: "abandoned", gateway_response: "The transaction was not completed" };
  }
}

const METADATA_BY_VARIANT = new Map<string | undefined, unknown>([
  ["metadata_zero", 0],
  ["metadata_empty", ""],
]);

/** `data` of a verified charge and of charge.success; `isKnown` is false where a query's index lags behind. */
export function chargeData(entry: PaystackEntry, isKnown = true): object {
  const { paystack, amount, reference, createdAt, changedAt } = entry;
  const variant = findScenario(entry.scenario)?.variant;
  const isPaid = isKnown && entry.timesPaid > 0;
  const fees = feesOf(amount);
  const paidAt = isPaid ? changedAt : null;
  const data = {
    id: paystack.id,
    domain: domainOf(entry),
    ...chargeWords(entry, isKnown),
    reference,
    amount: isPaid ? (entry.paidAmount ?? amount) + (variant === "fees_on_top" ? fees : 0) : amount,
    message: null,
    paid_at: paidAt,
    created_at: createdAt,
    channel: paystack.channel,
    currency: isPaid ? (entry.paidCurrency ?? entry.currency) : entry.currency,
    ip_address: "127.0.0.1",
    metadata: METADATA_BY_VARIANT.has(variant) ? METADATA_BY_VARIANT.get(variant) : (paystack.metadata ?? ""),
    log: null,
    customer: { id: 1, email: paystack.email, customer_code: "CUS_sandbox", first_name: null, phone: null },
  };
  if (variant === "metadata_zero") return { ...data, fees: null, plan: {} };
  return {
    ...data,
    receipt_number: null,
    paidAt,
    createdAt,
    transaction_date: createdAt,
    fees: isPaid ? fees : null,
    fees_split: null,
    authorization: { channel: paystack.channel, bank: "TEST BANK", country_code: "NG", reusable: false },
    plan: null,
    split: {},
    order_id: null,
    requested_amount: amount,
    subaccount: {},
  };
}

function transferStatus(entry: PaystackEntry): string {
  if (entry.state === "completed") return "success";
  if (entry.state !== "pending") return entry.state;
  return findScenario(entry.scenario)?.variant === "otp" ? "otp" : "pending";
}

function recipientData(recipient: Recipient | null): object | null {
  if (recipient === null) return null;
  return {
    id: recipient.id,
    active: true,
    currency: "NGN",
    domain: "test",
    name: recipient.name,
    recipient_code: recipient.code,
    type: "nuban",
    is_deleted: false,
    details: {
      account_number: recipient.accountNumber,
      account_name: null,
      bank_code: recipient.bankCode,
      bank_name: recipient.bankName,
    },
  };
}

/** `data` of a verified transfer and of transfer.*, whose timestamps have two spellings. */
export function transferData(entry: PaystackEntry, step?: Step): object {
  const { paystack, amount, reference, createdAt, changedAt } = entry;
  const isOld = findScenario(entry.scenario)?.variant === "old_timestamps";
  return {
    amount: entry.paidAmount ?? amount,
    currency: entry.paidCurrency ?? entry.currency,
    domain: domainOf(entry),
    failures: null,
    id: paystack.id,
    integration: { id: INTEGRATION, is_live: false, business_name: "Cauris" },
    reason: paystack.reason,
    reference,
    source: "balance",
    source_details: null,
    status: transferStatus(entry),
    titan_code: null,
    transfer_code: entry.id,
    transferred_at: null,
    recipient: recipientData(paystack.recipient),
    session: { provider: null, id: null },
    gateway_response: step?.reason ?? null,
    ...(isOld
      ? { created_at: createdAt, updated_at: changedAt }
      : { createdAt, updatedAt: changedAt, fee_charged: 1000 }),
  };
}

/** The answer to POST /transfer: here the recipient is a number, and the integration too. */
export function acceptedTransfer(entry: PaystackEntry): Reply {
  const isOtp = transferStatus(entry) === "otp";
  return worked(200, isOtp ? "Transfer requires OTP to continue" : "Transfer has been queued", {
    ...transferData(entry),
    integration: INTEGRATION,
    recipient: entry.paystack.recipient?.id ?? null,
    transfersessionid: [],
    transfertrials: [],
  });
}

export function acceptedRecipient(recipient: Recipient, createdAt: string): Reply {
  return worked(201, "Transfer recipient created successfully", {
    ...recipientData(recipient),
    integration: INTEGRATION,
    createdAt,
    updatedAt: createdAt,
  });
}

const EVENT_NAMES = { completed: "success", failed: "failed", reversed: "reversed" } as const;

/** What `step` did to `entry`; null for a charge that isn't paid: Paystack sends no webhook for it. */
export function composePaystackWebhook(entry: PaystackEntry, step: Step): BookWebhook | null {
  const isCharge = entry.kind === "collection";
  if (isCharge && step.event !== "completed") return null;
  const event = `${isCharge ? "charge" : "transfer"}.${EVENT_NAMES[step.event]}`;
  const data = isCharge ? chargeData(entry) : transferData(entry, step);
  return {
    event,
    body: JSON.stringify({ event, data }),
    signature: step.signature ?? "raw",
    dropped: step.delivery === "dropped",
    attempts: 0,
    delivered: false,
    lastStatus: null,
  };
}
