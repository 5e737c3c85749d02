// Compares our operations with what clients requested and with the provider's book. That the ledger agrees with the operations
// is the audit's part (lib/ledger/integrity): call it as well.
import type { Sql } from "postgres";
import type { Currency } from "@/lib/money/currency";
import type { Book, BookEntry } from "@/lib/sandbox/book";
import type { OperationType } from "@/lib/services/operations/kinds";

type Owner = { walletId: bigint };

/** An operation that a client requested with a key of its own: it must exist, once. */
export interface ExpectedOperation {
  type: OperationType;
  from: Owner;
  /** Recipient of a transfer. */
  to?: Owner | null;
  currency: Currency;
  amountMinor: bigint;
  /** What its client learned, or is entitled to. */
  feeMinor?: bigint;
  reference?: string;
  key?: string | null;
  state?: string;
  /** No response came: it may be missing. */
  isUncertain?: boolean;
  /** A deposit that an operator assigned from suspense: the provider doesn't know it. */
  isAssigned?: boolean;
}

/** Where money is recorded: our database, as its owner, and the provider's book. */
export interface Books {
  owner: Sql;
  book: Book;
}

/** An operation as our database has it. */
export interface StoredOperation {
  reference: string;
  type: string;
  state: string;
  currency: string;
  amount: string;
  fee: string;
  wallet: string;
  counterparty: string | null;
  provider: string | null;
  key: string | null;
  /** Number of suspense entries of its webhook events. */
  suspended: number;
}

/** Of a deposit that nobody paid. */
const UNPAID = ["pending", "failed", "expired"];

/** Checks that exactly the expected operations of these people exist, and that the provider's book agrees. A sentence a violation. */
export async function checkBooks(
  books: Books,
  people: readonly Owner[],
  expected: readonly ExpectedOperation[],
): Promise<string[]> {
  const wallets = people.map(({ walletId }) => walletId.toString());
  const stored = await findOperations(books.owner, wallets);
  const { violations, assigned } = compareOperations(stored, expected);
  for (const one of stored) {
    const entry = findEntry(books.book, one);
    violations.push(...checkOperation(one, entry, assigned.has(one.reference)));
  }
  return [...violations, ...(await findUnknownOrders(books)), ...(await checkNotices(books.owner, wallets))];
}

/** Checks that each state change of these wallets' operations has exactly the notices that `operation_notices` lists for it. */
async function checkNotices(owner: Sql, wallets: string[]): Promise<string[]> {
  const rows = await owner<{ reference: string; kind: string; due: number; written: number }[]>`
    select o.reference, n.kind, count(*)::int as due,
      (select count(*)::int from notices x where x.operation_id = o.id and x.kind = n.kind and x.user_id = w.user_id) as written
    from operations o
    join operation_events e on e.operation_id = o.id
    join operation_notices n on n.type = o.type and n.to_state = e.to_state and n.from_state = coalesce(e.from_state, '')
    join wallets w on w.id = case n.party when 'owner' then o.wallet_id else o.counterparty_wallet_id end
    where o.wallet_id = any (${wallets}::bigint[]) and e.reason is distinct from 'cancelled'
    group by o.id, n.kind, w.user_id`;
  return rows
    .filter(({ due, written }) => due !== written)
    .map(
      ({ reference, kind, due, written }) => `${reference} has ${written} notices ${kind} for ${due} events`,
    );
}

/** Checks that exactly the expected operations of these people exist. */
export async function checkRequested(
  owner: Sql,
  people: readonly Owner[],
  expected: readonly ExpectedOperation[],
): Promise<string[]> {
  const wallets = people.map(({ walletId }) => walletId.toString());
  return compareOperations(await findOperations(owner, wallets), expected).violations;
}

/**
 * All operations of these wallets, with the keys that clients sent, except the deposits that tests fund them with and attempts
 * at a deposit that never reached its provider: the next one has the key `again:<reference of the one before>`.
 */
async function findOperations(owner: Sql, wallets: string[]): Promise<StoredOperation[]> {
  return await owner<StoredOperation[]>`
    with recursive keys as (
      select reference, key from idempotency_keys where key not like 'again:%'
      union all select k.reference, c.key from idempotency_keys k join keys c on k.key = 'again:' || c.reference)
    select o.reference, o.type, o.state, o.currency, o.amount_minor::text as amount, o.fee_minor::text as fee,
      o.wallet_id::text as wallet, o.counterparty_wallet_id::text as counterparty, o.provider, k.key,
      coalesce(s.suspended, 0) as suspended
    from operations o left join keys k on k.reference = o.reference
    left join (select w.reference, count(*)::int as suspended from webhook_events w
        join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
        group by w.reference) s on s.reference = o.reference
    where o.wallet_id = any (${wallets}::bigint[]) and o.provider is distinct from 'test'
      and not exists (select from idempotency_keys a where a.key = 'again:' || o.reference) order by o.id`;
}

/** Pairs each expected operation with a stored one. What is left over on either side is a violation. */
function compareOperations(stored: readonly StoredOperation[], expected: readonly ExpectedOperation[]) {
  const left = new Map(stored.map((one) => [one.reference, one]));
  const acknowledged = new Set<string>();
  const assigned = new Set<string>();
  const violations: string[] = [];
  for (const one of expected) {
    const { type, reference, amountMinor, isUncertain, isAssigned } = one;
    const candidates = reference === undefined ? [...left.values()] : [left.get(reference) ?? []].flat();
    const found = candidates.find((candidate) => isSame(candidate, one));
    if (found) left.delete(found.reference);
    if (found && isAssigned) assigned.add(found.reference);
    if (reference !== undefined && acknowledged.has(reference))
      violations.push(`doubled: two requests were acknowledged with the ${type} ${reference}`);
    else if (!found && !isUncertain)
      violations.push(
        `lost: the ${type} ${reference ?? ""} of ${amountMinor} isn't stored as it was requested`,
      );
    if (reference !== undefined) acknowledged.add(reference);
  }
  for (const { type, reference, amount, state } of left.values())
    violations.push(
      `doubled: the ${type} ${reference} of ${amount} (${state}) exists and nobody requested it`,
    );
  return { violations, assigned };
}

function isSame(stored: StoredOperation, one: ExpectedOperation): boolean {
  return (
    stored.type === one.type &&
    stored.wallet === one.from.walletId.toString() &&
    stored.counterparty === (one.to?.walletId.toString() ?? null) &&
    stored.currency === one.currency &&
    stored.amount === one.amountMinor.toString() &&
    (one.feeMinor === undefined || stored.fee === one.feeMinor.toString()) &&
    (one.key === undefined || stored.key === one.key) &&
    (one.state === undefined || stored.state === one.state)
  );
}

/** The violations of one settled deposit or withdrawal. `entry` is null when the provider knows nothing of it. */
export function checkOperation(
  { reference, type, state, provider, suspended }: StoredOperation,
  entry: Pick<
    BookEntry,
    "timesPaid" | "amount" | "paidAmount" | "currency" | "paidCurrency" | "state"
  > | null,
  isAssigned: boolean,
): string[] {
  if (provider === null) return [];
  const times = entry?.timesPaid ?? 0;
  const told = `the ${type} ${reference} is ${state} here; the provider paid it ${times} times and calls it ${entry?.state ?? "unknown"}`;
  if (times > 1) return [`doubled: ${told}`];
  if (isAssigned) return state === "succeeded" ? [] : [told];
  if (type === "withdrawal") {
    const isPaid = times === 1 && entry?.state === "completed";
    return state === (isPaid ? "paid" : "refunded") ? [] : [told];
  }
  const hasCurrency = times === 1 && entry?.paidCurrency === entry?.currency;
  const isAsRequested = hasCurrency && entry?.paidAmount === entry?.amount;
  if (isAsRequested !== (state === "succeeded") || (times === 0 && !UNPAID.includes(state))) return [told];
  const isSuspended = hasCurrency && !isAsRequested;
  return isSuspended && suspended !== 1 ? [`${told}, and its money is in suspense ${suspended} times`] : [];
}

/** The provider's entry of an operation of ours. Paystack knows payouts by a reference with a suffix. */
export function findEntry(
  book: Book,
  { type, reference }: Pick<StoredOperation, "type" | "reference">,
): BookEntry | null {
  if (type === "deposit") return book.find("collection", reference);
  return book.find("payout", reference) ?? book.find("payout", `${reference.toLowerCase()}-payout`);
}

/** What the provider was asked for that no operation of ours stands for. */
async function findUnknownOrders({ owner, book }: Books): Promise<string[]> {
  const ourReference = ({ kind, reference }: BookEntry) =>
    kind === "payout" ? reference.replace(/-payout$/, "").toUpperCase() : reference;
  const orders = [...book.list("payout"), ...book.list("collection")];
  const rows = await owner<{ order: string }[]>`
    select type || reference || currency || amount_minor as order from operations
    where reference = any (${orders.map(ourReference)})`;
  const known = new Set(rows.map(({ order }) => order));
  return orders.flatMap((entry) => {
    const { kind, reference, currency, amount } = entry;
    const type = kind === "payout" ? "withdrawal" : "deposit";
    if (known.has(`${type}${ourReference(entry)}${currency}${amount}`)) return [];
    return [
      `doubled: the provider has a ${kind} ${reference} of ${amount} ${currency} that nobody requested`,
    ];
  });
}
