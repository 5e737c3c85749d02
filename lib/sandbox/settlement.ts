import { setTimeout as sleep } from "node:timers/promises";
import type { Book, BookEntry, BookWebhook } from "./book";
import { isPaystack } from "./paystack-shapes";
import type { Step } from "./scenario";
import { CANCELLED_STEPS, findScenario, PLAIN_STEPS } from "./scenarios";
import { composeWebhook, type WebhookSender } from "./webhooks";

export interface SettlementOptions {
  book: Book;
  webhooks: WebhookSender;
  payoutDelayMs: number;
  /** Between two steps of one entry. */
  gapMs: number;
  /** How late a slow webhook is. */
  slowMs: number;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

export interface Settlement {
  /** The first step at once, the others after their gaps; resolves when every webhook was sent once. */
  settle(entry: BookEntry): Promise<void>;
  /** As {@link Settlement.settle}, some seconds later and in the background. */
  settleLater(entry: BookEntry): void;
  /** As {@link Settlement.settle} in the background; the first step is in the book when this returns. */
  settleInBackground(entry: BookEntry): void;
  /** Goes on with the entries that a stopped sandbox left open. */
  resume(): void;
}

const COPIES = { twice: 2, thrice: 3 } as const;
const SHORT_BY = 100;

function stepsOf(entry: BookEntry): readonly Step[] {
  if (entry.approval === null) return [];
  if (entry.approval === "cancelled") return CANCELLED_STEPS;
  return findScenario(entry.scenario)?.steps ?? PLAIN_STEPS;
}

function otherCurrency(entry: BookEntry): string {
  return isPaystack(entry) ? "GHS" : "XAF";
}

/** Moves the money of `step`; returns the webhook that reports it, null when there is none. */
function apply(entry: BookEntry, step: Step, slowMs: number): BookWebhook | null {
  entry.state = step.event;
  entry.stepsDone += 1;
  if (step.event === "completed") {
    entry.timesPaid += 1;
    entry.paidAmount = step.difference === "amount" ? entry.amount - SHORT_BY : entry.amount;
    entry.paidCurrency = step.difference === "currency" ? otherCurrency(entry) : entry.currency;
  }
  if (isPaystack(entry) && entry.kind === "collection" && findScenario(entry.scenario)?.lags) {
    entry.paystack.hiddenUntil = new Date(Date.now() + slowMs).toISOString();
  }
  const webhook = composeWebhook(entry, step);
  if (webhook) entry.webhooks.push(webhook);
  return webhook;
}

export function createSettlement(options: SettlementOptions): Settlement {
  const { book, webhooks, signal } = options;

  async function deliver(entry: BookEntry, webhook: BookWebhook | null, step: Step): Promise<void> {
    if (!webhook || webhook.dropped) return;
    if (step.delivery === "slow") await sleep(options.slowMs, undefined, { signal });
    const copies = step.delivery === "twice" || step.delivery === "thrice" ? COPIES[step.delivery] : 1;
    await webhooks.deliver(entry, webhook, copies);
  }

  async function settle(entry: BookEntry): Promise<void> {
    const isReordered = findScenario(entry.scenario)?.reordered ?? false;
    const late: { webhook: BookWebhook | null; step: Step }[] = [];
    for (let step = stepsOf(entry)[entry.stepsDone]; step; step = stepsOf(entry)[entry.stepsDone]) {
      if (entry.stepsDone > 0) await sleep(options.gapMs, undefined, { signal });
      const webhook = apply(entry, step, options.slowMs);
      book.save(entry);
      if (isReordered) late.unshift({ webhook, step });
      else await deliver(entry, webhook, step);
    }
    for (const { webhook, step } of late) await deliver(entry, webhook, step);
  }

  async function afterDelay(entry: BookEntry): Promise<void> {
    await sleep(options.payoutDelayMs, undefined, { signal });
    await settle(entry);
  }

  function resume(): void {
    for (const entry of [...book.list("collection"), ...book.list("payout")]) {
      const undelivered = entry.webhooks.filter((webhook) => !webhook.delivered && !webhook.dropped);
      for (const webhook of undelivered) webhooks.deliver(entry, webhook).catch(options.onError);
      if (entry.stepsDone < stepsOf(entry).length) afterDelay(entry).catch(options.onError);
    }
  }

  return {
    settle,
    settleLater: (entry) => void afterDelay(entry).catch(options.onError),
    settleInBackground: (entry) => void settle(entry).catch(options.onError),
    resume,
  };
}
