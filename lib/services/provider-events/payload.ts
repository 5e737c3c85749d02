import { z } from "zod";
import { invariant } from "@/lib/invariant";
import { isCurrency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Dispute, ProviderState, WebhookEvent } from "@/lib/providers/provider";

const schema = z.object({
  status: z.enum(["pending", "succeeded", "failed", "reversed", "not_found"]),
  providerReference: z.string().nullable(),
  amount: z.object({ amountMinor: z.string().regex(/^[0-9]+$/), currency: z.string() }).nullable(),
  currencyCode: z.string().nullable(),
  reasonCode: z.string().nullable(),
  live: z.boolean().nullable(),
  paidAt: z.iso.datetime().nullish(),
  dispute: z
    .object({
      type: z.enum(["refund", "chargeback", "reversal"]),
      subject: z.string(),
      outcome: z.enum(["open", "lost", "won"]),
    })
    .nullish(),
  mentions: z.array(z.string()).nullish(),
  reference: z.string().nullable().optional(),
  isUnreadable: z.boolean().nullish(),
  isKindUnclear: z.boolean().nullish(),
});

/** What an event claims, with what only events have. */
export interface Claim extends ProviderState {
  dispute: Dispute | null;
  /** What the event itself calls ours, unlike the row's; undefined in payloads from before it was stored in them. */
  reference: string | null | undefined;
  /** What may name an operation of ours. */
  mentions: readonly string[];
  isUnreadable: boolean;
  /** A payment or a payout: the operation that it names says which. */
  isKindUnclear: boolean;
}

/** A verified event in our own terms, as JSON stored beside its raw bytes; amounts as strings of minor units. */
export function writePayload(event: WebhookEvent): string {
  const { status, providerReference, amount, currencyCode, reasonCode, live, dispute, mentions } = event;
  const stored = amount && { amountMinor: amount.amountMinor.toString(), currency: amount.currency };
  const state = { status, providerReference, amount: stored, currencyCode, reasonCode, live };
  const { reference, isUnreadable, isKindUnclear, paidAt } = event;
  return JSON.stringify({ ...state, paidAt, reference, dispute, mentions, isUnreadable, isKindUnclear });
}

/** Throws when the text wasn't written by {@link writePayload}. */
export function readPayload(text: string): Claim {
  const { amount, reference, dispute, mentions, isUnreadable, isKindUnclear, paidAt, ...state } =
    schema.parse(JSON.parse(text));
  return {
    ...state,
    ...(paidAt ? { paidAt: new Date(paidAt) } : {}),
    amount: amount && readMoney(amount.amountMinor, amount.currency),
    reference,
    dispute: dispute ?? null,
    mentions: mentions ?? [],
    isUnreadable: isUnreadable ?? false,
    isKindUnclear: isKindUnclear ?? false,
  };
}

function readMoney(amountMinor: string, currency: string): Money {
  invariant(isCurrency(currency), "payloads hold a supported currency");
  return money(BigInt(amountMinor), currency);
}
