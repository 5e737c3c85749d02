import { z } from "zod";
import { invariant } from "@/lib/invariant";
import { isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { ProviderState, WebhookEvent } from "@/lib/providers/provider";

const schema = z.object({
  status: z.enum(["pending", "succeeded", "failed", "reversed", "not_found"]),
  providerReference: z.string().nullable(),
  amount: z.object({ amountMinor: z.string().regex(/^[0-9]+$/), currency: z.string() }).nullable(),
  currencyCode: z.string().nullable(),
  reasonCode: z.string().nullable(),
  live: z.boolean().nullable(),
});

/** What an event says, as it is stored beside its raw bytes. */
export function writeFacts(event: WebhookEvent): string {
  const { status, providerReference, amount, currencyCode, reasonCode, live } = event;
  const stored = amount && { amountMinor: amount.amountMinor.toString(), currency: amount.currency };
  return JSON.stringify({ status, providerReference, amount: stored, currencyCode, reasonCode, live });
}

/** Throws when the row wasn't written by {@link writeFacts}. */
export function readFacts(text: string): ProviderState {
  const { amount, ...facts } = schema.parse(JSON.parse(text));
  return { ...facts, amount: amount && readMoney(amount.amountMinor, amount.currency) };
}

function readMoney(amountMinor: string, currency: string): Money {
  invariant(isCurrency(currency), "facts hold a currency of ours");
  return money(BigInt(amountMinor), currency);
}
