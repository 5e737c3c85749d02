import { fundWallet } from "@/e2e/support/people";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { statesAwaiting } from "@/lib/services/operations/kinds";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { HOUR_MS } from "./durations";
import type { CaseRun, ObservedCase } from "./payment-kind";
import { type Booked, isPaidInTheEnd } from "./provider-book";
import type { Script } from "./script";

const OPERATOR = { operator: "resilience", note: "seen in the provider's book" };
/** Longer than any job waits for its next attempt. */
const RETRIES_MS = 24 * HOUR_MS;
/** Attempts while the provider is down. */
const TRIES = 6;

export const nameOfDeadLetter = ({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`;

export const OPEN_WITHDRAWALS: ReadonlySet<string> = new Set([
  ...statesAwaiting("provider", "withdrawal"),
  ...statesAwaiting("operator", "withdrawal"),
]);

/**
 * Works through what is open as an operator, by the provider's book: resolves withdrawals, assigns money in suspense to its
 * owner, closes webhook events and retries jobs. Returns what couldn't be resolved.
 */
export async function resolveAll<S extends Script>(
  run: CaseRun<S>,
  { payments }: ObservedCase<S>,
): Promise<string[]> {
  const { database, book } = run;
  const violations: string[] = [];
  for (const { record, state } of payments)
    if (OPEN_WITHDRAWALS.has(state)) violations.push(...(await resolvePayout(run, record)));
  const ownerOf = (name: string | null) =>
    [...book.records.values()].find(
      ({ reference, script }) => reference === name || book.unknownReference(script) === name,
    );
  for (const { kind, id, reference } of await listDeadLetters(database.context())) {
    if (kind !== "suspense") continue;
    const owner = ownerOf(reference);
    if (!owner) {
      violations.push(`money in suspense has the reference ${reference}, which has no owner`);
      continue;
    }
    const assignment = { ...OPERATOR, entryId: BigInt(id), reference: owner.reference };
    await assignSuspense(database.context(), assignment);
  }
  for (const { kind, id } of await listDeadLetters(database.context())) {
    if (kind === "event") await closeWebhook(database.context(), { ...OPERATOR, eventId: BigInt(id) });
    if (kind === "job") await retryJob(database.context(), BigInt(id));
  }
  await database.clock.advance(RETRIES_MS);
  await database.pump.drain();
  await database.sweep();
  const left = (await listDeadLetters(database.context())).filter((deadLetter) => {
    const owner = ownerOf(deadLetter.reference);
    const isExpected = deadLetter.kind === "operation" && owner && run.kind.staysOpen?.(owner.script);
    return !isExpected && !run.earlier.has(nameOfDeadLetter(deadLetter));
  });
  return [
    ...violations,
    ...left.map(({ kind, why }) => `a dead letter is left after the operator: ${kind}, ${why}`),
  ];
}

/** Resolves a withdrawal by the provider's book; funds the wallet when its refund was spent. */
async function resolvePayout<S extends Script>(run: CaseRun<S>, record: Booked<S>): Promise<string[]> {
  const { database, people, counts } = run;
  const { reference, script } = record;
  const verdict = isPaidInTheEnd(record) ? "paid" : "refunded";
  const problem = `withdrawal ${script.index} (${script.provider}) can't be resolved as ${verdict}`;
  counts.resolved += 1;
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
      run.fundedMinor += script.amountMinor;
    }
  }
  return [problem];
}
