import type { BookEntry } from "@/lib/sandbox/book";
import type { ObservedOperation, ObservedState } from "./observed-state";

/** What one history's operations moved through the clearing accounts, compared with the provider's book. */
export interface BookComparison {
  violations: string[];
  /** Differences that wait for an operator, as they must. */
  flagged: number;
  /** The change of each clearing account, by its address. */
  moved: Map<string, bigint>;
}

/** Checks that clearing and the provider's book agree about each reference, or that an operator is told. */
export function compareProviderBook(
  observed: Pick<ObservedState, "operations" | "clearing" | "book" | "needsReview">,
): BookComparison {
  const violations: string[] = [];
  const moved = new Map<string, bigint>();
  const ledger = new Map<string, bigint>();
  for (const { account, reference, change } of observed.clearing) {
    moved.set(account, (moved.get(account) ?? 0n) + change);
    ledger.set(reference, (ledger.get(reference) ?? 0n) + change);
  }
  const entries = new Map(observed.book.map((entry) => [ourReference(entry), entry]));
  const needsReview = new Set(observed.needsReview.map(({ reference }) => reference));
  let flagged = 0;
  for (const operation of observed.operations) {
    if (operation.provider === null) continue;
    const entry = entries.get(operation.reference);
    const ours = ledger.get(operation.reference) ?? 0n;
    const theirs = entry ? netOf(entry) : 0n;
    if (entry && entry.timesPaid > 1)
      violations.push(`the provider paid ${operation.reference} ${entry.timesPaid} times`);
    const isOtherCurrency = entry?.paidCurrency != null && entry.paidCurrency !== operation.currency;
    if (ours === theirs && !isOtherCurrency) continue;
    if (isFlagged(operation, needsReview)) flagged += 1;
    else
      violations.push(
        `${operation.type} ${operation.reference} (${operation.state}): clearing moved ${ours}, the provider's book ${theirs}, and no operator is told`,
      );
  }
  return { violations, flagged, moved };
}

function isFlagged(
  { reference, state }: ObservedOperation,
  needsReview: ReadonlySet<string | null>,
): boolean {
  return state === "conflict" || state === "review" || needsReview.has(reference);
}

function ourReference({ kind, reference }: BookEntry): string {
  return kind === "payout" ? reference.replace(/-payout$/, "").toUpperCase() : reference;
}

/** The change of our clearing account by this entry: negative for money that came in. */
function netOf({ kind, state, paidAmount }: BookEntry): bigint {
  if (paidAmount === null || state !== "completed") return 0n;
  return kind === "collection" ? -BigInt(paidAmount) : BigInt(paidAmount);
}

/** Checks that each clearing account's balance is the sum of what all histories moved. */
export function checkTotals(
  sums: ReadonlyMap<string, bigint>,
  totals: ReadonlyMap<string, bigint>,
): string[] {
  const accounts = new Set([...sums.keys(), ...totals.keys()]);
  return [...accounts].flatMap((account) => {
    const [expected, seen] = [sums.get(account) ?? 0n, totals.get(account) ?? 0n];
    return expected === seen
      ? []
      : [`${account} is ${seen}; the operations of all histories come to ${expected}`];
  });
}
