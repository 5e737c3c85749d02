import type { BookEntry } from "@/lib/sandbox/book";
import type { Facts, OperationFact } from "./facts";

/** What one history's operations moved through clearing, and what of it the provider's book explains. */
export interface BookComparison {
  violations: string[];
  /** Differences that wait for an operator, as they should. */
  flagged: number;
  /** What passed each clearing account, by its address. */
  moved: Map<string, bigint>;
}

/** Each reference's clearing is what the provider's book says that it moved; what isn't, is flagged for a person. */
export function compareBook(
  facts: Pick<Facts, "operations" | "clearing" | "book" | "needsReview">,
): BookComparison {
  const violations: string[] = [];
  const moved = new Map<string, bigint>();
  const ledger = new Map<string, bigint>();
  for (const { account, reference, change } of facts.clearing) {
    moved.set(account, (moved.get(account) ?? 0n) + change);
    ledger.set(reference, (ledger.get(reference) ?? 0n) + change);
  }
  const entries = new Map(facts.book.map((entry) => [ourReference(entry), entry]));
  const needsReview = new Set(facts.needsReview.map(({ reference }) => reference));
  let flagged = 0;
  for (const operation of facts.operations) {
    if (operation.provider === null) continue;
    const entry = entries.get(operation.reference);
    const ours = ledger.get(operation.reference) ?? 0n;
    const theirs = entry ? netOf(entry) : 0n;
    if (entry && entry.timesPaid > 1)
      violations.push(`the provider paid ${operation.reference} ${entry.timesPaid} times`);
    const isStrange = entry?.paidCurrency != null && entry.paidCurrency !== operation.currency;
    if (ours === theirs && !isStrange) continue;
    if (isFlagged(operation, needsReview)) flagged += 1;
    else
      violations.push(
        `${operation.type} ${operation.reference} (${operation.state}): clearing moved ${ours}, the provider's book ${theirs}, and nobody is told`,
      );
  }
  return { violations, flagged, moved };
}

function isFlagged({ reference, state }: OperationFact, needsReview: ReadonlySet<string | null>): boolean {
  return state === "conflict" || state === "review" || needsReview.has(reference);
}

function ourReference({ kind, reference }: BookEntry): string {
  return kind === "payout" ? reference.replace(/-payout$/, "").toUpperCase() : reference;
}

/** As our clearing account should show it: money that came in is theirs to us, what went out is ours to them. */
function netOf({ kind, state, paidAmount }: BookEntry): bigint {
  if (paidAmount === null || state !== "completed") return 0n;
  return kind === "collection" ? -BigInt(paidAmount) : BigInt(paidAmount);
}

/** The whole deployment's clearing is the sum of what its histories moved: nothing else ever passed it. */
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
