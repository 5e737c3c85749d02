import { DomainError } from "@/lib/errors";
import type { WebhookKind } from "@/lib/providers/provider";
import { type Context, requireSystem } from "../context";
import { findEvent } from "./store";

/** A stored event as the operator sees it; never its raw body, which may hold personal data. */
export interface WebhookView {
  id: bigint;
  provider: string;
  kind: WebhookKind;
  reference: string | null;
  state: "received" | "processed" | "ignored" | "needs_review";
  /** Its effect: `credited`, `already_succeeded`, `amount_mismatch` …; null until it is processed. */
  outcome: string | null;
}

/** Throws `unauthenticated`, `not_found`. */
export async function getWebhook(context: Context, eventId: bigint): Promise<WebhookView> {
  requireSystem(context);
  const event = await findEvent(context.db, eventId);
  if (!event) throw new DomainError("not_found");
  const { id, provider, kind, reference, state, outcome } = event;
  return { id, provider, kind, reference, state, outcome };
}
