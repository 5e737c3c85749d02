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

/** A verified event in our own terms, as JSON stored beside its raw bytes; amounts as strings of minor units. */
export function writePayload(event: WebhookEvent): string {
  const { status, providerReference, amount, currencyCode, reasonCode, live } = event;
  const stored = amount && { amountMinor: amount.amountMinor.toString(), currency: amount.currency };
  return JSON.stringify({ status, providerReference, amount: stored, currencyCode, reasonCode, live });
}

/** Throws when the text wasn't written by {@link writePayload}. */
export function readPayload(text: string): ProviderState {
  const { amount, ...state } = schema.parse(JSON.parse(text));
  return { ...state, amount: amount && readMoney(amount.amountMinor, amount.currency) };
}

function readMoney(amountMinor: string, currency: string): Money {
  invariant(isCurrency(currency), "payloads hold a supported currency");
  return money(BigInt(amountMinor), currency);
}
