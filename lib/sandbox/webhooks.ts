import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isLoopbackUrl } from "@/lib/loopback";
import type { Book, BookEntry, BookWebhook } from "./book";
import { composePublicWebhook, isPublic } from "./getmipay-public-shapes";
import { composePaystackWebhook, isPaystack } from "./paystack-shapes";
import type { Step } from "./scenario";

const TRY_TIMEOUT_MS = 5000;

export interface WebhookSender {
  /** Tries `copies` times at once; resolves after that. Without a 200 it tries again in the background. */
  deliver(entry: BookEntry, webhook: BookWebhook, copies?: number): Promise<void>;
  /** Sends once, correctly signed, even a dropped one. Resolves to the HTTP status, null without a response. */
  resend(entry: BookEntry, webhook: BookWebhook): Promise<number | null>;
}

export interface WebhookSenderOptions {
  book: Book;
  /** GetMiPay's. */
  secret: string;
  /** Paystack's; null when it isn't simulated. */
  paystackSecretKey: string | null;
  retryDelaysMs: readonly number[];
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

/** The webhook about `step` in the format of the entry's provider; null when that sends none. */
export function composeWebhook(entry: BookEntry, step: Step): BookWebhook | null {
  if (isPaystack(entry)) return composePaystackWebhook(entry, step);
  if (isPublic(entry)) return composePublicWebhook(entry, step);
  const event = `${entry.kind === "payout" ? "payout" : "payment"}.${step.event}`;
  const data = {
    [entry.kind === "payout" ? "payout_id" : "transaction_id"]: entry.id,
    reference: entry.reference,
    status: step.event,
    amount: entry.paidAmount ?? entry.amount,
    currency: entry.paidCurrency ?? entry.currency,
    method: entry.method,
    live: step.difference === "mode",
    ...(step.reason === undefined ? {} : { reason: step.reason }),
  };
  return {
    event,
    body: JSON.stringify({ event, transaction_id: entry.id, data }),
    signature: step.signature ?? "raw",
    dropped: step.delivery === "dropped",
    attempts: 0,
    delivered: false,
    lastStatus: null,
  };
}

/** The header with the webhook's signature; none in a dialect without signatures. */
function signatureHeaders(
  entry: BookEntry,
  webhook: BookWebhook,
  options: WebhookSenderOptions,
  isFirstTry: boolean,
): Record<string, string> {
  if (webhook.signature === "none") return {};
  if (!isPaystack(entry)) return { "x-signature": signWebhook(webhook, options.secret, isFirstTry) };
  const isBad = webhook.signature === "bad_first" && isFirstTry;
  const key = isBad ? "not-the-key" : (options.paystackSecretKey ?? "no-key");
  return { "x-paystack-signature": createHmac("sha512", key).update(webhook.body).digest("hex") };
}

function signWebhook(webhook: BookWebhook, secret: string, isFirstTry: boolean): string {
  const signed =
    webhook.signature === "seed_form" ? JSON.stringify(JSON.parse(webhook.body).data) : webhook.body;
  const key = webhook.signature === "bad_first" && isFirstTry ? "not-the-secret" : secret;
  return createHmac("sha256", key).update(signed).digest("hex");
}

async function post(
  url: string,
  body: string,
  signature: Record<string, string>,
  signal: AbortSignal,
): Promise<number | null> {
  if (!isLoopbackUrl(url)) return null;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...signature,
        "user-agent": "Cauris-Sandbox/1.0",
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { book, retryDelaysMs, signal } = options;

  async function attempt(
    entry: BookEntry,
    webhook: BookWebhook,
    isFirstTry: boolean,
  ): Promise<number | null> {
    const signature = signatureHeaders(entry, webhook, options, isFirstTry);
    const status = await post(entry.callbackUrl, webhook.body, signature, signal);
    if (signal.aborted) return status;
    webhook.attempts += 1;
    webhook.lastStatus = status;
    webhook.delivered ||= status === 200;
    book.save(entry);
    return status;
  }

  async function retry(entry: BookEntry, webhook: BookWebhook): Promise<void> {
    for (const delayMs of retryDelaysMs) {
      await sleep(delayMs, undefined, { signal });
      if (webhook.delivered) return;
      await attempt(entry, webhook, false);
    }
  }

  return {
    async deliver(entry, webhook, copies = 1) {
      const isFirstTry = webhook.attempts === 0;
      await Promise.all(Array.from({ length: copies }, () => attempt(entry, webhook, isFirstTry)));
      if (!webhook.delivered) retry(entry, webhook).catch(options.onError);
    },
    resend: (entry, webhook) => attempt(entry, webhook, false),
  };
}
