import { fundWallet, type TestUser } from "@/e2e/support/people";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { checkAlways, checkEnd, checkHeld, checkOpen, nameOf, type PayoutSeen } from "./check-payouts";
import type { MoneyDatabase } from "./money-database";
import { isPaidInTheEnd, type PayoutsBook } from "./payouts-book";
import { readPayouts, readSums } from "./read-payouts";

const DECIDER = { operator: "proof", note: "seen in the provider's book" };
/** Longer than any job waits for its next try. */
const RETRIES_MS = 24 * 60 * 60 * 1000;
/** A provider that is down is asked again. */
const TRIES = 6;

interface Played {
  people: readonly TestUser[];
  fundedMinor: bigint;
  counts: { conflicts: number; decided: number };
}

/** Looks at what is open, has a person decide it by the provider's book, and looks again. Answers all that is wrong. */
export async function concludePayouts(
  deployment: MoneyDatabase,
  book: PayoutsBook,
  played: Played,
): Promise<string[]> {
  const { people, counts } = played;
  const seen = await readPayouts(deployment, book);
  const before = await readSums(deployment, book, people);
  const rows = seen.map(({ payout, state, reason }) => ({
    state,
    reason,
    amountMinor: payout.script.amountMinor,
  }));
  const found = [...checkAlways(seen), ...checkOpen(seen), ...checkHeld(rows, before.heldMinor)];
  found.push(...(await deployment.audit()));
  counts.conflicts += seen.filter(({ wasConflict }) => wasConflict).length;
  let fundedMinor = played.fundedMinor;
  for (const one of seen) {
    if (one.state === "paid" || one.state === "refunded") continue;
    const decided = await decide(deployment, one, people);
    fundedMinor += decided.fundedMinor;
    counts.decided += 1;
    found.push(...decided.found);
  }
  for (const { kind, id } of await listDeadLetters(deployment.context())) {
    if (kind === "event") await closeWebhook(deployment.context(), { ...DECIDER, eventId: BigInt(id) });
    if (kind === "job") await retryJob(deployment.context(), BigInt(id));
  }
  await deployment.clock.advance(RETRIES_MS);
  await deployment.pump.drain();
  await deployment.sweep();
  const waiting = await deployment.pump.waiting();
  if (waiting > 0) found.push(`${waiting} jobs are left of withdrawals that have ended`);
  const left = await listDeadLetters(deployment.context());
  found.push(
    ...left.map(({ kind, why }) => `an operator decided all, and a letter is left: ${kind}, ${why}`),
  );
  const ended = await readPayouts(deployment, book);
  const sums = { ...(await readSums(deployment, book, people)), fundedMinor };
  found.push(...checkAlways(ended), ...checkEnd(ended, sums), ...(await deployment.audit()));
  return [...new Set(found)];
}

/** By the provider's book; whoever spent what came back to them brings it again. */
async function decide(
  deployment: MoneyDatabase,
  { payout }: PayoutSeen,
  people: readonly TestUser[],
): Promise<{ found: string[]; fundedMinor: bigint }> {
  const verdict = isPaidInTheEnd(payout) ? "paid" : "refunded";
  const { reference, script } = payout;
  let fundedMinor = 0n;
  if (verdict === "refunded") payout.noes.push(deployment.clock.now().getTime());
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const decided = await resolveWithdrawal(deployment.context(), { ...DECIDER, reference, verdict });
      if (decided.outcome === "resolved") return { found: [], fundedMinor };
      const why = decided.outcome === "contradicted" ? decided.confirmed : decided.state;
      return {
        found: [`${nameOf(payout)}: nobody can end it ${verdict}: ${decided.outcome}, ${why}`],
        fundedMinor,
      };
    } catch (error) {
      if (error instanceof ProviderError) continue;
      if (!(error instanceof DomainError) || error.code !== "insufficient_funds") throw error;
      const person = people[script.wallet];
      if (!person) throw error;
      await fundWallet(deployment.db, person.walletId, money(script.amountMinor, "XOF"));
      fundedMinor += script.amountMinor;
    }
  }
  return { found: [`${nameOf(payout)}: nobody can end it ${verdict}`], fundedMinor };
}
