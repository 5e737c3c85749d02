import { type Provider, ProviderError } from "@/lib/providers/provider";
import type { Context } from "../context";
import { type Book, type BookRecord, type Comparison, compareBooks, nameOf, totalsOf } from "./compare";
import { readOurBook } from "./our-book";
import { GRACE_MS, QUESTIONS_MAX } from "./policy";
import { readTheirBook, toTheirRecord } from "./their-book";
import type { Reconciliation } from "./view";

export interface Findings extends Comparison {
  totals: Reconciliation["totals"];
  /** Everything that both books were looked through for. */
  names: Set<string>;
}

/**
 * Reads both books and holds them against each other. No transaction is open meanwhile: theirs first, so that what it
 * shows has had the time to reach ours. Throws ProviderError.
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
  // What began there after the window is looked at only where ours began in it.
  for (const [name, record] of listed) {
    if (ours.has(name) || (record.createdAt >= window.from && record.createdAt < window.to))
      theirs.set(name, record);
  }
  const settledBefore = new Date(now.getTime() - GRACE_MS);
  const unasked = await askAbout(provider, compareBooks(ours, theirs, settledBefore), ours, theirs);
  const comparison = compareBooks(ours, theirs, settledBefore);
  for (const name of unasked) comparison.undecided.add(name);
  return {
    ...comparison,
    found: comparison.found.filter((difference) => !unasked.has(nameOf(difference))),
    totals: toTotals(ours, theirs),
    names: new Set([...ours.keys(), ...theirs.keys()]),
  };
}

/** A list is no proof that something isn't there. Adds what is; answers the names that couldn't be asked about. */
async function askAbout(
  provider: Provider,
  { found }: Comparison,
  ours: Book,
  theirs: Map<string, BookRecord>,
): Promise<Set<string>> {
  const unasked = new Set<string>();
  const missing = found.filter(({ kind }) => kind === "missing_there");
  for (const [index, difference] of missing.entries()) {
    const our = ours.get(nameOf(difference));
    if (!our) continue;
    const answer = index < QUESTIONS_MAX ? await ask(provider, our) : "unasked";
    if (answer === "unasked") unasked.add(nameOf(our));
    else if (answer !== null) theirs.set(nameOf(our), answer);
  }
  return unasked;
}

/** Null when the provider doesn't know of it, or can't be asked: then its list is all there is to go by. */
async function ask(provider: Provider, our: BookRecord): Promise<BookRecord | "unasked" | null> {
  const { direction, subject: reference, createdAt } = our;
  const { queriesCollections, queriesPayouts } = provider.capabilities;
  const question =
    direction === "in" ? queriesCollections && provider.getCollection : queriesPayouts && provider.getPayout;
  if (!question) return null;
  try {
    const state = await question(reference, null);
    if (state.status === "not_found") return null;
    return toTheirRecord({ ...state, direction, reference, createdAt, changedAt: createdAt });
  } catch (error) {
    if (error instanceof ProviderError) return "unasked";
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
