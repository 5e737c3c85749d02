import type { Provider, ProviderState, ProviderTransaction } from "@/lib/providers/provider";
import { isOtherMode } from "../operations/provider-update";
import { type BookRecord, bookKeyOf } from "./compare";
import { CLOCK_SKEW_MAX_MS, SUBMITTED_WITHIN_MS } from "./policy";

/** Whether this provider lists its transactions. */
export function canList(provider: Provider): boolean {
  return provider.capabilities.listsTransactions && provider.listTransactions !== undefined;
}

/**
 * The provider's book: what began there in the window or, since our operations may have been submitted later, within a day
 * after it. A reference that was paid twice is one record with the sum of both. Throws ProviderError.
 */
export async function readTheirBook(
  provider: Provider,
  window: { from: Date; to: Date },
  now: Date,
): Promise<Map<string, BookRecord>> {
  const from = new Date(window.from.getTime() - CLOCK_SKEW_MAX_MS);
  const to = new Date(Math.min(window.to.getTime() + SUBMITTED_WITHIN_MS, now.getTime()));
  const book = new Map<string, BookRecord>();
  for (const transaction of (await provider.listTransactions?.(from, to)) ?? []) {
    // Transactions of the other mode (test or live) aren't in our book.
    if (isOtherMode(transaction)) continue;
    const record = toTheirRecord(transaction);
    const before = book.get(bookKeyOf(record));
    book.set(bookKeyOf(record), before ? addUp(before, record) : record);
  }
  return book;
}

/** A record from the provider's list or from its answer to a query. */
export function toTheirRecord(
  reported: ProviderState &
    Pick<ProviderTransaction, "direction" | "reference" | "createdAt" | "changedAt"> & {
      id?: string;
    },
): BookRecord {
  const { direction, reference, status, amount, currencyCode, createdAt, changedAt } = reported;
  const hasMoved = status === "succeeded";
  return {
    direction,
    subject: reference ?? `${reported.providerReference ?? reported.id}`,
    state: status,
    currency: amount?.currency ?? currencyCode ?? "",
    movedMinor: hasMoved ? (amount?.amountMinor ?? null) : 0n,
    isFinal: status !== "pending" && status !== "not_found",
    isKnownThere: true,
    createdAt,
    changedAt,
  };
}

function addUp(one: BookRecord, other: BookRecord): BookRecord {
  const isUnknown = one.movedMinor === null || other.movedMinor === null;
  const later = one.changedAt > other.changedAt ? one : other;
  // The one that moved something gives the currency and the state.
  const moving = one.movedMinor === 0n ? other : one;
  return {
    ...moving,
    movedMinor: isUnknown ? null : (one.movedMinor ?? 0n) + (other.movedMinor ?? 0n),
    isFinal: one.isFinal && other.isFinal,
    createdAt: one.createdAt < other.createdAt ? one.createdAt : other.createdAt,
    changedAt: later.changedAt,
  };
}
