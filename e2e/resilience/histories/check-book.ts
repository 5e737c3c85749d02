import type { BookEntry } from "@/lib/sandbox/book";
import type { ObservedOperation } from "./observed-state";
import { statesAfter } from "./provider-scenarios";

/**
 * Checks that a settled operation at a provider ended as its book says, and that both moved the same money, or an operator is
 * told. `entry` is null when the provider knows nothing of it.
 */
export function checkBook(
  { type, reference, state, currency, amount, isInReview }: ObservedOperation,
  entry: BookEntry | null,
): string[] {
  if (type !== "deposit" && type !== "withdrawal") return [];
  const violations: string[] = [];
  const allowed = statesAfter(type, entry);
  const name = `${type} ${reference} (${entry?.scenario ?? "plain"})`;
  if (!allowed.includes(state)) violations.push(`${name} ended ${state}, expected ${allowed.join(" or ")}`);
  const theirs = entry?.state === "completed" ? BigInt(entry.paidAmount ?? 0) : 0n;
  const ours = state === "succeeded" || state === "paid" ? amount : 0n;
  const times = entry?.timesPaid ?? 0;
  if (times > 1) violations.push(`the provider paid ${reference} ${times} times`);
  const isSame = ours === theirs && (entry?.paidCurrency ?? currency) === currency;
  const isTold = state === "conflict" || state === "review" || isInReview;
  if (!isSame && !isTold)
    violations.push(
      `${name} moved ${ours} here and ${theirs} in the provider's book, and no operator is told`,
    );
  return violations;
}
