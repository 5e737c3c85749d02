import type { ProviderStatus } from "../provider";

/** What a payment or a payout may be called; null for a name of both. */
const KINDS = new Map<string, "collection" | "payout" | null>([
  ["transaction", null],
  ...["payment", "payin", "pay.in", "collection", "collect", "deposit", "charge"].map(
    (word) => [word, "collection"] as const,
  ),
  ...["payout", "pay.out", "transfer", "withdrawal", "disbursement", "cashout"].map(
    (word) => [word, "payout"] as const,
  ),
]);

/**
 * Statuses in GetMiPay's documents, and synonyms that integrators of both dialects handle. What may still change, such as a
 * timeout, isn't final: a payout must not be refunded on a guess.
 */
const WORDS_OF: Readonly<Record<Exclude<ProviderStatus, "not_found">, readonly string[]>> = {
  succeeded: ["completed", "complete", "success", "successful", "succeeded", "paid"],
  failed: ["failed", "failure", "fail", "cancelled", "canceled", "declined", "rejected", "refused", "denied"],
  reversed: ["reversed", "refunded", "returned", "chargeback", "charged.back"],
  pending: ["pending", "processing", "in.progress", "initiated", "created", "queued", "submitted"],
};

const STATUSES = new Map(
  Object.entries(WORDS_OF).flatMap(([status, words]) =>
    words.map((word) => [word, status as ProviderStatus] as const),
  ),
);

/** Words of an event that leave it to the status what happened. */
const NEUTRAL = new Set(["updated", "update", "status", "notification", "callback", "webhook", "event"]);

/** Case, spaces and separators carry no meaning. */
function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s._:/-]+/g, ".");
}

/** The one reading of GetMiPay's statuses, for callbacks and answers of both dialects. Null for a word that isn't known. */
export function statusOfWord(word: string): ProviderStatus | null {
  return STATUSES.get(plain(word)) ?? null;
}

export interface EventName {
  /** Null for a name of payments and payouts. */
  kind: "collection" | "payout" | null;
  /** Null where the event's name leaves it to the status. */
  status: ProviderStatus | null;
}

/** `payment.completed` and its synonyms. Null for a name that isn't known. */
export function readEventName(name: string): EventName | null {
  const words = plain(name);
  const whole = KINDS.get(words);
  if (whole !== undefined) return { kind: whole, status: null };
  const parts = words.split(".");
  for (let cut = parts.length - 1; cut > 0; cut -= 1) {
    const kind = KINDS.get(parts.slice(0, cut).join("."));
    const word = parts.slice(cut).join(".");
    const status = STATUSES.get(word) ?? null;
    if (kind !== undefined && (status !== null || NEUTRAL.has(word))) return { kind, status };
  }
  return null;
}
