import type { Currency } from "@/lib/money/currency";
import type { BookEntry } from "@/lib/sandbox/book";
import type { CrashTest, Person } from "./crash-test";

/** An operation with what the ledger and the provider's book say about it. */
export interface ObservedOperation {
  reference: string;
  type: string;
  state: string;
  currency: Currency;
  amountMinor: bigint;
  feeMinor: bigint;
  provider: string | null;
  /** Number of credit entries in the ledger. */
  credits: number;
  /** Number of suspense entries of its webhook events. */
  suspended: number;
  /** The provider's book entry; null when the provider knows nothing of it. */
  entry: Pick<
    BookEntry,
    "timesPaid" | "amount" | "paidAmount" | "currency" | "paidCurrency" | "state"
  > | null;
  /** An operator resolved it. */
  isResolved: boolean;
}

interface Row {
  reference: string;
  type: string;
  state: string;
  currency: Currency;
  amount_minor: string;
  fee_minor: string;
  provider: string | null;
  credits: number;
  suspended: number;
}

export async function operationsOf(test: CrashTest, person: Person): Promise<ObservedOperation[]> {
  const rows = await test.harness.deployment.owner<Row[]>`
    select o.reference, o.type, o.state, o.currency, o.amount_minor, o.fee_minor, o.provider,
      (select count(*)::int from ledger_entries e where e.source = o.reference and e.step = 'credit') as credits,
      (select count(*)::int from ledger_entries e join webhook_events w
        on e.source = w.provider || ':' || w.event_key and w.reference = o.reference where e.step = 'suspense') as suspended
    from operations o where o.wallet_id = ${person.walletId.toString()} order by o.id`;
  return rows.map(({ amount_minor, fee_minor, ...row }) => ({
    ...row,
    amountMinor: BigInt(amount_minor),
    feeMinor: BigInt(fee_minor),
    entry: test.entryOf(row.type === "deposit" ? "collection" : "payout", row.reference),
    isResolved: test.resolved.has(row.reference),
  }));
}

/** The violations of one settled operation, a sentence each. */
export function checkOperation(one: ObservedOperation): string[] {
  if (one.provider === null || one.provider === "test") return [];
  const { reference, state, entry } = one;
  const times = entry?.timesPaid ?? 0;
  const violations: string[] = [];
  if (times > 1) violations.push(`${reference} moved at the provider ${times} times, expected at most once`);
  if (one.type === "deposit") violations.push(...checkDeposit(one, times));
  if (one.type === "withdrawal" && !one.isResolved) {
    const isPaid = times === 1 && entry?.state === "completed";
    if (isPaid !== (state === "paid")) {
      violations.push(
        `the payout ${reference} is ${state} here, the provider paid it ${times} times and calls it ${entry?.state ?? "unknown"}`,
      );
    }
    if (!isPaid && state !== "refunded")
      violations.push(`the payout ${reference} wasn't paid and is ${state}, not refunded`);
  }
  return violations;
}

function checkDeposit(one: ObservedOperation, times: number): string[] {
  const { reference, state, entry, credits, suspended } = one;
  const isAsRequested =
    times === 1 && entry?.paidAmount === entry?.amount && entry?.paidCurrency === entry?.currency;
  // An operator may have given its money from suspense.
  const shouldCredit = isAsRequested || one.isResolved ? 1 : 0;
  const violations: string[] = [];
  if (credits !== shouldCredit)
    violations.push(
      `the deposit ${reference} (${state}) was credited ${credits} times, expected ${shouldCredit}; the provider got it ${times} times`,
    );
  if ((state === "succeeded") !== (credits === 1))
    violations.push(`the deposit ${reference} is ${state} and was credited ${credits} times`);
  if (
    times === 1 &&
    !isAsRequested &&
    !one.isResolved &&
    entry?.paidCurrency === entry?.currency &&
    suspended !== 1
  )
    violations.push(
      `the deposit ${reference} got another amount and lies in suspense ${suspended} times, expected 1`,
    );
  if (times === 0 && !one.isResolved && !["failed", "expired"].includes(state))
    violations.push(`the deposit ${reference} was never paid and is ${state}`);
  return violations;
}

/** The balance that a wallet must have: its settled deposits and withdrawals, and what `moved` by transfers and vaults. */
export function expectedBalance(
  operations: readonly ObservedOperation[],
  currency: Currency,
  moved: bigint,
): bigint {
  return operations
    .filter((one) => one.currency === currency)
    .reduce((sum, one) => {
      if (one.type === "deposit" && one.state === "succeeded") return sum + one.amountMinor;
      if (one.type === "withdrawal" && one.state === "paid") return sum - one.amountMinor - one.feeMinor;
      return sum;
    }, moved);
}

/** All violations of a test, a sentence each. Call it when everything has settled. */
export async function checkTest(test: CrashTest): Promise<string[]> {
  const violations = [...test.violations];
  const runs = await test.harness.deployment
    .owner`select id from reconciliation_runs where finished_at is null`;
  if (runs.length > 0) violations.push(`${runs.length} reconciliation runs never end`);
  for (const person of test.people) {
    const operations = await operationsOf(test, person);
    violations.push(...operations.flatMap(checkOperation));
    const expectedCount = test.expectedOperations.get(person.walletId) ?? 0;
    if (operations.length !== expectedCount)
      violations.push(
        `expected ${expectedCount} operations, found ${operations.length}: ${operations.map((one) => `${one.type} ${one.state}`).join(", ")}`,
      );
    const balances = await balancesOf(test, person);
    for (const currency of ["XOF", "NGN"] as const) {
      const expected = expectedBalance(operations, currency, test.changeOf(person, currency));
      const available = balances.get(`${currency}/available`) ?? 0n;
      const held = balances.get(`${currency}/held`) ?? 0n;
      if (available !== expected)
        violations.push(`a wallet shows ${available} ${currency}, expected ${expected}`);
      if (held !== 0n) violations.push(`a wallet still holds ${held} ${currency} for a withdrawal`);
    }
  }
  return violations;
}

async function balancesOf(test: CrashTest, person: Person): Promise<Map<string, bigint>> {
  const prefix = `wallet/${person.walletId}/`;
  const rows = await test.harness.deployment.owner<{ address: string; balance: string }[]>`
    select address, balance from ledger_accounts where address like ${`${prefix}%`}`;
  return new Map(rows.map(({ address, balance }) => [address.slice(prefix.length), BigInt(balance)]));
}
