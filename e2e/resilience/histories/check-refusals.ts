import { type Known, type Timeline, visibleMoments } from "./check-reads";
import type { PostingFact } from "./facts";
import type { ListVerdicts, Refusal } from "./history-log";

/** What is refused for lack of money wasn't there at some moment while it was asked for. */
export function checkRefusal(
  { wanted, currency, startedAt, endedAt }: Refusal,
  walletId: bigint,
  timelines: ReadonlyMap<string, Timeline>,
  known: Known,
): string[] {
  const timeline = timelines.get(`wallet/${walletId}/${currency}/available`);
  if (!timeline) return [];
  const moments = visibleMoments(timeline, { startedAt, endedAt }, known).map(
    (index) => timeline.moments[index],
  );
  // Those who are grouped with others in one transaction may meet what it is between their postings.
  if (moments.some((moment) => moment !== undefined && moment.lowest < wanted)) return [];
  const had = moments.map((moment) => moment?.balance).join(", ");
  return [`wallet ${walletId} was refused ${wanted} ${currency} for lack of money while it had ${had}`];
}

/** A list is carried out in its order: what is refused for lack of money wasn't left, what is sent leaves the rest. */
export function checkList(
  { verdicts, currency }: ListVerdicts,
  walletId: bigint,
  postings: ReadonlyMap<string, PostingFact>,
): string[] {
  const address = `wallet/${walletId}/${currency}/available`;
  const postingOf = (reference: string) => postings.get(`${address} ${reference}`);
  const first = verdicts.find(({ reference }) => reference !== null);
  const begun = first?.reference ? postingOf(first.reference) : undefined;
  if (!begun) return [];
  const violations: string[] = [];
  let left = begun.balance - begun.change;
  for (const { amount, reference, isShort } of verdicts) {
    if (isShort && amount <= left)
      violations.push(`a list's ${amount} ${currency} was refused for lack of money with ${left} left`);
    if (reference === null) continue;
    left -= amount;
    const written = postingOf(reference)?.balance;
    if (written !== left)
      violations.push(`a list's ${reference} left ${written} ${currency}, and should have left ${left}`);
  }
  return violations;
}
