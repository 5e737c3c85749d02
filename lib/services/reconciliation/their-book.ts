import type { Provider, ProviderState, ProviderTransaction } from "@/lib/providers/provider";
import { isOtherMode } from "../operations/provider-update";
import { type BookRecord, nameOf } from "./compare";
import { CLOCKS_APART_MS, HANDED_OVER_WITHIN_MS } from "./policy";

/** Can this provider's book be read? */
export function canList(provider: Provider): boolean {
  return provider.capabilities.listsTransactions && provider.listTransactions !== undefined;
}

/**
 * The provider's book: what began there in the window and, since what we wrote down may have been handed over later, for
 * a day after it. One reference that was paid twice is one record of both. Throws ProviderError.
 */
export async function readTheirBook(
  provider: Provider,
  window: { from: Date; to: Date },
  now: Date,
): Promise<Map<string, BookRecord>> {
  const from = new Date(window.from.getTime() - CLOCKS_APART_MS);
  const to = new Date(Math.min(window.to.getTime() + HANDED_OVER_WITHIN_MS, now.getTime()));
  const book = new Map<string, BookRecord>();
  for (const transaction of (await provider.listTransactions?.(from, to)) ?? []) {
    // The other mode's transactions are on nobody's books here.
    if (isOtherMode(transaction)) continue;
    const record = toTheirRecord(transaction);
    const before = book.get(nameOf(record));
    book.set(nameOf(record), before ? addUp(before, record) : record);
  }
  return book;
}

/** As the provider tells of it, in a list or when it is asked. */
export function toTheirRecord(
  told: ProviderState &
    Pick<ProviderTransaction, "direction" | "reference" | "createdAt" | "changedAt"> & {
      id?: string;
    },
): BookRecord {
  const { direction, reference, status, amount, currencyCode, createdAt, changedAt } = told;
  const hasMoved = status === "succeeded";
  return {
    direction,
    subject: reference ?? `${told.providerReference ?? told.id}`,
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
  // The one that moved something tells the currency and the state.
  const moving = one.movedMinor === 0n ? other : one;
  return {
    ...moving,
    movedMinor: isUnknown ? null : (one.movedMinor ?? 0n) + (other.movedMinor ?? 0n),
    isFinal: one.isFinal && other.isFinal,
    createdAt: one.createdAt < other.createdAt ? one.createdAt : other.createdAt,
    changedAt: later.changedAt,
  };
}
