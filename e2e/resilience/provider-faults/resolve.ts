import { fundWallet } from "@/e2e/support/people";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { OPEN_WITHDRAWALS } from "./check-payouts";
import type { CaseRun, ObservedCase } from "./payment-kind";
import { type Booked, isPaidInTheEnd } from "./provider-book";
import { HOUR_MS, type Script } from "./script";

const OPERATOR = { operator: "resilience", note: "seen in the provider's book" };
/** Longer than any job waits for its next attempt. */
const RETRIES_MS = 24 * HOUR_MS;
/** Attempts while the provider is down. */
const TRIES = 6;

/**
 * Works through what is open as an operator, by the provider's book: resolves withdrawals, assigns money in suspense to its
 * owner, closes webhook events and retries jobs. Returns what couldn't be resolved.
 */
export async function resolveAll<S extends Script>(
  run: CaseRun<S>,
  { payments }: ObservedCase<S>,
): Promise<string[]> {
  const { database, book, startedAt } = run;
  const { clock, queue, context } = database;
  const violations: string[] = [];
  for (const { record, state } of payments)
    if (OPEN_WITHDRAWALS.has(state)) violations.push(...(await resolvePayout(run, record)));
  for (const { kind, id, reference } of await listDeadLetters(context())) {
    const owner = book.ownerOf(reference);
    if (kind === "suspense" && owner)
      await assignSuspense(context(), { ...OPERATOR, entryId: BigInt(id), reference: owner.reference });
  }
  for (const { kind, id } of await listDeadLetters(context())) {
    if (kind === "event") await closeWebhook(context(), { ...OPERATOR, eventId: BigInt(id) });
    if (kind === "job") await retryJob(context(), BigInt(id));
  }
  await clock.advance(RETRIES_MS);
  await queue.drain();
  await database.sweep();
  const left = (await listDeadLetters(context())).filter(({ kind, reference, since }) => {
    const owner = book.ownerOf(reference);
    const isExpected = kind === "operation" && owner !== undefined && run.kind.staysOpen?.(owner.script);
    // Cases before this one share the database. Suspense, whose time isn't the test clock's, is empty after each.
    return !isExpected && (kind === "suspense" || since.getTime() >= startedAt);
  });
  return [
    ...violations,
    ...left.map(({ kind, why }) => `a dead letter is left after the operator: ${kind}, ${why}`),
  ];
}

/** Resolves a withdrawal by the provider's book; funds the wallet when its refund was spent. */
async function resolvePayout<S extends Script>(run: CaseRun<S>, record: Booked<S>): Promise<string[]> {
  const { database, people, tally } = run;
  const { reference, script } = record;
  const verdict = isPaidInTheEnd(record) ? "paid" : "refunded";
  const problem = `withdrawal ${script.index} (${script.provider}) can't be resolved as ${verdict}`;
  tally.count({ resolved: 1 });
  if (verdict === "refunded") record.refusedAt.push(database.clock.now().getTime());
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const resolved = await resolveWithdrawal(database.context(), { ...OPERATOR, reference, verdict });
      return resolved.outcome === "resolved" ? [] : [`${problem}: ${JSON.stringify(resolved)}`];
    } catch (error) {
      if (error instanceof ProviderError) continue;
      const person = people[script.wallet];
      if (!(error instanceof DomainError) || error.code !== "insufficient_funds" || !person) throw error;
      await fundWallet(database.db, person.walletId, money(script.amountMinor, "XOF"));
    }
  }
  return [problem];
}
