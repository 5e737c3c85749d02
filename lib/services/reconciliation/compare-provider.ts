import { type Provider, ProviderError } from "@/lib/providers/provider";
import type { Context } from "../context";
import { type Book, type BookRecord, bookKeyOf, type Comparison, compareBooks, totalsOf } from "./compare";
import { readOurBook } from "./our-book";
import { GRACE_MS, QUERIES_MAX } from "./policy";
import { readTheirBook, toTheirRecord } from "./their-book";
import type { Reconciliation } from "./view";

export interface Findings extends Comparison {
  totals: Reconciliation["totals"];
  /** The keys ({@link bookKeyOf}) of all operations in either book. */
  keys: Set<string>;
}

/**
 * Reads both books and compares them, outside any transaction. The provider's is read first, so that what it shows has had
 * time to reach ours. Throws ProviderError.
 */
export async function compareProvider(
  { db, now }: Context,
  provider: Provider,
  window: { from: Date; to: Date },
): Promise<Findings> {
  const listed = await readTheirBook(provider, window, now);
  const references = [...new Set([...listed.values()].map(({ subject }) => subject))];
  const ours = await readOurBook(db, provider.name, window, references);
  const theirs = new Map<string, BookRecord>();
  // What began there after the window counts only if it began in the window here.
  for (const [key, record] of listed) {
    if (ours.has(key) || (record.createdAt >= window.from && record.createdAt < window.to))
      theirs.set(key, record);
  }
  const settledBefore = new Date(now.getTime() - GRACE_MS);
  const unqueried = await queryMissing(provider, compareBooks(ours, theirs, settledBefore), ours, theirs);
  const comparison = compareBooks(ours, theirs, settledBefore);
  for (const key of unqueried) comparison.undecided.add(key);
  return {
    ...comparison,
    found: comparison.found.filter((difference) => !unqueried.has(bookKeyOf(difference))),
    totals: toTotals(ours, theirs),
    keys: new Set([...ours.keys(), ...theirs.keys()]),
  };
}

/** Lists lag: queries what the list lacks, and adds what is found. Answers the keys of what couldn't be queried. */
async function queryMissing(
  provider: Provider,
  { found }: Comparison,
  ours: Book,
  theirs: Map<string, BookRecord>,
): Promise<Set<string>> {
  const unqueried = new Set<string>();
  const missing = found.filter(({ kind }) => kind === "missing_there");
  for (const [index, difference] of missing.entries()) {
    const our = ours.get(bookKeyOf(difference));
    if (!our) continue;
    const answer = index < QUERIES_MAX ? await query(provider, our) : "unqueried";
    if (answer === "unqueried") unqueried.add(bookKeyOf(our));
    else if (answer !== null) theirs.set(bookKeyOf(our), answer);
  }
  return unqueried;
}

/** Null when the provider doesn't know it, or has no query: then its list decides. */
async function query(provider: Provider, our: BookRecord): Promise<BookRecord | "unqueried" | null> {
  const { direction, subject: reference, createdAt } = our;
  const { queriesCollections, queriesPayouts } = provider.capabilities;
  try {
    const state = await (direction === "in"
      ? queriesCollections && provider.getCollection?.(reference, null)
      : queriesPayouts && provider.getPayout?.(reference, null));
    if (!state || state.status === "not_found") return null;
    return toTheirRecord({ ...state, direction, reference, createdAt, changedAt: createdAt });
  } catch (error) {
    if (error instanceof ProviderError) return "unqueried";
    throw error;
  }
}

function toTotals(ours: Book, theirs: Book): Reconciliation["totals"] {
  const our = totalsOf(ours);
  const their = totalsOf(theirs);
  return [...new Set([...our.keys(), ...their.keys()])].sort().map((key) => {
    const [direction, currency = ""] = key.split(" ");
    const ourMinor = our.get(key) ?? 0n;
    return {
      direction: direction === "in" ? "in" : "out",
      currency,
      ourMinor,
      theirMinor: their.get(key) ?? 0n,
    };
  });
}
