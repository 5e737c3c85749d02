import type { ObservedCase, Sum } from "./payment-kind";
import type { Script } from "./script";

/** What the providers' books say about a case: what each owes us, and what that leaves in the wallets. */
export interface ExpectedSums {
  cleared: Sum[];
  walletsMinor: bigint;
}

/** Checks that the sums of the ledger equal those of the providers' books, that every callback is stored, and no job is left. */
export function checkSums<S extends Script>(
  observed: ObservedCase<S>,
  { cleared, walletsMinor }: ExpectedSums,
  sentEvents: number,
): string[] {
  const [book, ours] = [totalsOf(cleared), totalsOf(observed.cleared)];
  const violations = [...new Set([...book.keys(), ...ours.keys()])]
    .map((key) => ({ key, booked: book.get(key) ?? 0n, seen: ours.get(key) ?? 0n }))
    .filter(({ booked, seen }) => booked !== seen)
    .map(
      ({ key, booked, seen }) => `clearing of ${key} must be ${booked} by the provider's book, is ${seen}`,
    );
  const { availableMinor, storedEvents, waitingJobs } = observed;
  if (availableMinor !== walletsMinor)
    violations.push(`the wallets must hold ${walletsMinor} and hold ${availableMinor}`);
  if (storedEvents !== sentEvents)
    violations.push(`${sentEvents} different callbacks were sent and ${storedEvents} are stored`);
  if (waitingJobs > 0) violations.push(`${waitingJobs} jobs never ended`);
  return violations;
}

function totalsOf(sums: readonly Sum[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { provider, currencyCode, amountMinor } of sums) {
    const key = `${provider} ${currencyCode}`;
    totals.set(key, (totals.get(key) ?? 0n) + amountMinor);
  }
  return totals;
}
