import { invariant } from "@/lib/invariant";
import type { Direction } from "@/lib/providers/provider";

/** One operation in one book. Amounts in minor units, in the operation's own direction. */
export interface BookRecord {
  direction: Direction;
  /** Our reference, or the provider's own where it has none of ours. */
  subject: string;
  state: string;
  /** The provider's may be an unsupported currency: then `movedMinor` is null. */
  currency: string;
  movedMinor: bigint | null;
  /** In this book nothing is going to change any more. */
  isFinal: boolean;
  /** The provider has confirmed that it knows this operation. */
  isKnownThere: boolean;
  createdAt: Date;
  changedAt: Date;
}

export type Book = ReadonlyMap<string, BookRecord>;

export type BreakKind = "missing_here" | "missing_there" | "amount_differs" | "state_differs";

/** A difference between the two books. */
export interface Difference {
  kind: BreakKind;
  direction: Direction;
  subject: string;
  currency: string;
  ourState: string | null;
  ourMinor: bigint;
  theirState: string | null;
  theirMinor: bigint | null;
  occurredAt: Date;
}

export interface Comparison {
  found: Difference[];
  /** Keys of operations that changed too recently to be compared. */
  undecided: Set<string>;
  compared: number;
}

/** The key of an operation in both books. */
export function bookKeyOf({ direction, subject }: Pick<BookRecord, "direction" | "subject">): string {
  return `${direction} ${subject}`;
}

/** Compares two books; what changed after `settledBefore` is left undecided. Pure. */
export function compareBooks(ours: Book, theirs: Book, settledBefore: Date): Comparison {
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  const found: Difference[] = [];
  const undecided = new Set<string>();
  for (const key of keys) {
    const our = ours.get(key) ?? null;
    const their = theirs.get(key) ?? null;
    const kind = kindOf(our, their);
    if (kind === null) continue;
    const isRecent = [our, their].some((record) => record !== null && record.changedAt > settledBefore);
    if (isRecent) undecided.add(key);
    else found.push(differenceOf(kind, our, their));
  }
  return { found, undecided, compared: keys.size };
}

function kindOf(our: BookRecord | null, their: BookRecord | null): BreakKind | null {
  if (our === null) return their !== null && their.movedMinor !== 0n ? "missing_here" : null;
  if (their === null) return our.movedMinor !== 0n || our.isKnownThere ? "missing_there" : null;
  const hasMovedHere = our.movedMinor !== 0n;
  const hasMovedThere = their.movedMinor !== 0n;
  if (hasMovedHere !== hasMovedThere) return "state_differs";
  if (hasMovedHere) {
    const isSame = our.currency === their.currency && our.movedMinor === their.movedMinor;
    return isSame ? null : "amount_differs";
  }
  // It has ended there, and our side still waits.
  return their.isFinal && !our.isFinal ? "state_differs" : null;
}

function differenceOf(kind: BreakKind, our: BookRecord | null, their: BookRecord | null): Difference {
  const either = their ?? our;
  invariant(either !== null, "a difference has a side");
  return {
    kind,
    direction: either.direction,
    subject: either.subject,
    currency: either.currency,
    ourState: our?.state ?? null,
    ourMinor: our?.movedMinor ?? 0n,
    theirState: their?.state ?? null,
    theirMinor: their ? their.movedMinor : 0n,
    occurredAt: (our ?? either).createdAt,
  };
}

/** What moved by one book, a sum a direction and currency: `in NGN` → minor units. */
export function totalsOf(book: Book): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { direction, currency, movedMinor } of book.values()) {
    const key = `${direction} ${currency}`;
    totals.set(key, (totals.get(key) ?? 0n) + (movedMinor ?? 0n));
  }
  return totals;
}
