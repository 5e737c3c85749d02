import { type KnownSince, type Timeline, visibleMoments } from "./check-reads";
import type { ListOutcome, Refusal } from "./history-log";
import type { ObservedPosting } from "./observed-state";

/** Checks that a refusal for insufficient funds was true at one moment during the request. */
export function checkRefusal(
  { wanted, currency, startedAt, endedAt }: Refusal,
  walletId: bigint,
  timelines: ReadonlyMap<string, Timeline>,
  known: KnownSince,
): string[] {
  const timeline = timelines.get(`wallet/${walletId}/${currency}/available`);
  if (!timeline) return [];
  const moments = visibleMoments(timeline, { startedAt, endedAt }, known).map(
    (index) => timeline.moments[index],
  );
  // A transfer that is grouped with others in one transaction may see a balance between their postings.
  if (moments.some((moment) => moment !== undefined && moment.lowest < wanted)) return [];
  const had = moments.map((moment) => moment?.balance).join(", ");
  return [`wallet ${walletId} was refused ${wanted} ${currency} for insufficient funds while it had ${had}`];
}

/** Checks that a list was carried out in its order: each refusal was true, and each transfer left the right balance. */
export function checkList(
  { transfers, currency }: ListOutcome,
  walletId: bigint,
  postings: ReadonlyMap<string, ObservedPosting>,
): string[] {
  const address = `wallet/${walletId}/${currency}/available`;
  const postingOf = (reference: string) => postings.get(`${address} ${reference}`);
  const first = transfers.find(({ reference }) => reference !== null);
  const firstPosting = first?.reference ? postingOf(first.reference) : undefined;
  if (!firstPosting) return [];
  const violations: string[] = [];
  let left = firstPosting.balance - firstPosting.change;
  for (const { amount, reference, isShort } of transfers) {
    if (isShort && amount <= left)
      violations.push(`a list's ${amount} ${currency} was refused for insufficient funds with ${left} left`);
    if (reference === null) continue;
    left -= amount;
    const stored = postingOf(reference)?.balance;
    if (stored !== left)
      violations.push(`a list's ${reference} left ${stored} ${currency}, expected ${left}`);
  }
  return violations;
}
