import { fundWallet, type TestUser } from "@/e2e/support/people";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { checkAlways, checkEnd, checkHeld, checkOpen, nameOf, type ObservedPayout } from "./check-payouts";
import type { MoneyDatabase } from "./money-database";
import { observePayouts, observeSums } from "./observe-payouts";
import { isPaidInTheEnd } from "./payout-record";
import type { PayoutsBook } from "./payouts-book";

const OPERATOR = { operator: "resilience", note: "seen in the provider's book" };
/** Longer than any job waits for its next attempt. */
const RETRIES_MS = 24 * 60 * 60 * 1000;
/** Attempts while the provider is down. */
const TRIES = 6;

interface Played {
  people: readonly TestUser[];
  fundedMinor: bigint;
  counts: { conflicts: number; resolved: number };
}

/** Checks what is open, resolves it by the provider's book as an operator, and checks again. Returns the violations. */
export async function resolvePayouts(
  database: MoneyDatabase,
  book: PayoutsBook,
  result: Played,
): Promise<string[]> {
  const { people, counts } = result;
  const observed = await observePayouts(database, book);
  const before = await observeSums(database, book, people);
  const rows = observed.map(({ payout, state, reason }) => ({
    state,
    reason,
    amountMinor: payout.script.amountMinor,
  }));
  const violations = [...checkAlways(observed), ...checkOpen(observed), ...checkHeld(rows, before.heldMinor)];
  violations.push(...(await database.audit()));
  counts.conflicts += observed.filter(({ wasConflict }) => wasConflict).length;
  let fundedMinor = result.fundedMinor;
  for (const one of observed) {
    if (one.state === "paid" || one.state === "refunded") continue;
    const resolved = await resolve(database, one, people);
    fundedMinor += resolved.fundedMinor;
    counts.resolved += 1;
    violations.push(...resolved.violations);
  }
  for (const { kind, id } of await listDeadLetters(database.context())) {
    if (kind === "event") await closeWebhook(database.context(), { ...OPERATOR, eventId: BigInt(id) });
    if (kind === "job") await retryJob(database.context(), BigInt(id));
  }
  await database.clock.advance(RETRIES_MS);
  await database.pump.drain();
  await database.sweep();
  const waiting = await database.pump.waiting();
  if (waiting > 0) violations.push(`${waiting} jobs are left though all withdrawals have ended`);
  const left = await listDeadLetters(database.context());
  violations.push(
    ...left.map(({ kind, why }) => `a dead letter is left after the operator: ${kind}, ${why}`),
  );
  const ended = await observePayouts(database, book);
  const sums = { ...(await observeSums(database, book, people)), fundedMinor };
  violations.push(...checkAlways(ended), ...checkEnd(ended, sums), ...(await database.audit()));
  return [...new Set(violations)];
}

/** Resolves a withdrawal by the provider's book; funds the wallet when its refund was spent. */
async function resolve(
  database: MoneyDatabase,
  { payout }: ObservedPayout,
  people: readonly TestUser[],
): Promise<{ violations: string[]; fundedMinor: bigint }> {
  const verdict = isPaidInTheEnd(payout) ? "paid" : "refunded";
  const { reference, script } = payout;
  let fundedMinor = 0n;
  if (verdict === "refunded") payout.refusedAt.push(database.clock.now().getTime());
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const resolved = await resolveWithdrawal(database.context(), { ...OPERATOR, reference, verdict });
      if (resolved.outcome === "resolved") return { violations: [], fundedMinor };
      const why = resolved.outcome === "contradicted" ? resolved.confirmed : resolved.state;
      return {
        violations: [`${nameOf(payout)}: can't be resolved as ${verdict}: ${resolved.outcome}, ${why}`],
        fundedMinor,
      };
    } catch (error) {
      if (error instanceof ProviderError) continue;
      if (!(error instanceof DomainError) || error.code !== "insufficient_funds") throw error;
      const person = people[script.wallet];
      if (!person) throw error;
      await fundWallet(database.db, person.walletId, money(script.amountMinor, "XOF"));
      fundedMinor += script.amountMinor;
    }
  }
  return { violations: [`${nameOf(payout)}: can't be resolved as ${verdict}`], fundedMinor };
}
