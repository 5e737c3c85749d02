import type postgres from "postgres";
import type { BookEntry } from "@/lib/sandbox/book";
import type { Deployment } from "../deployment";
import type { People } from "./people";

export interface ObservedOperation {
  id: string;
  reference: string;
  type: string;
  state: string;
  reason: string | null;
  currency: "XOF" | "NGN";
  amount: bigint;
  fee: bigint;
  wallet: string;
  counterparty: string | null;
  provider: string | null;
  attempt: number;
}

/** One side of a posting, on an account of the history's wallets. */
export interface ObservedPosting {
  /** `wallet/7/XOF/available`. */
  address: string;
  version: bigint;
  balance: bigint;
  change: bigint;
  source: string;
  step: string;
  /** Milliseconds since 1970, between the account's lock and the commit. */
  recordedAt: number;
}

/** A change of a provider's clearing account for one reference. */
export interface ClearingPosting {
  account: string;
  reference: string;
  step: string;
  change: bigint;
}

export interface IdempotencyKeyRow {
  userId: string;
  key: string;
  reference: string | null;
}

export interface EventInReview {
  reference: string | null;
  outcome: string | null;
}

/** The database's rows about one history, read in one snapshot, and the provider's book entries. */
export interface ObservedState {
  operations: ObservedOperation[];
  /** By account, then by version. */
  postings: ObservedPosting[];
  balances: Map<string, bigint>;
  clearing: ClearingPosting[];
  /** The balance of every clearing account of the deployment. */
  totals: Map<string, bigint>;
  keys: IdempotencyKeyRow[];
  /** Webhook events that wait for an operator. */
  needsReview: EventInReview[];
  /** Number of payouts that were reversed after they were paid. */
  reversedAfterPaid: number;
  activeKeys: { userId: string; count: number }[];
  book: BookEntry[];
}

const POSTING_SIDE = (side: "from" | "to", sign: "-" | "") => `
  select a.address, m.${side}_version::text as version, m.${side}_balance::text as balance, (${sign}m.amount)::text as change,
    e.source, e.step, (extract(epoch from m.recorded_at) * 1000)::float8 as recorded_at
  from ledger_postings m join ledger_entries e on e.id = m.entry_id join accounts a on a.id = m.${side}_account
  where m.${side}_version is not null`;

export async function readObservedState(deployment: Deployment, people: People): Promise<ObservedState> {
  const users = people.all.map(({ userId }) => userId.toString());
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  const observed = await deployment.owner.begin("isolation level repeatable read read only", async (sql) => {
    const operations = await readOperations(sql, wallets);
    const references = operations.map(({ reference }) => reference);
    return {
      operations,
      postings: await readPostings(sql, wallets),
      balances: await readBalances(sql, wallets),
      clearing: await readClearing(sql, references),
      totals: await readTotals(sql),
      keys: await readKeys(sql, users),
      needsReview: [
        ...(await sql<EventInReview[]>`select reference, outcome from webhook_events
        where state = 'needs_review' and reference = any (${references})`),
      ],
      reversedAfterPaid: await countReversed(sql, operations),
      activeKeys: [
        ...(await sql<
          { userId: string; count: number }[]
        >`select user_id::text as "userId", count(*)::int as count
        from api_keys where user_id = any (${users}::bigint[]) and revoked_at is null and expires_at > now() group by user_id`),
      ],
    };
  });
  return { ...observed, book: providerEntriesOf(deployment, observed.operations) };
}

async function readOperations(sql: postgres.TransactionSql, wallets: string[]): Promise<ObservedOperation[]> {
  const rows = await sql<(Omit<ObservedOperation, "amount" | "fee"> & { amount: string; fee: string })[]>`
    select id::text, reference, type, state, reason, currency, amount_minor::text as amount, fee_minor::text as fee,
      wallet_id::text as wallet, counterparty_wallet_id::text as counterparty, provider, attempt
    from operations where wallet_id = any (${wallets}::bigint[]) or counterparty_wallet_id = any (${wallets}::bigint[])
    order by id`;
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount), fee: BigInt(row.fee) }));
}

function accountsOf(wallets: string[]): string[] {
  return wallets.flatMap((id) =>
    ["XOF", "NGN"].flatMap((currency) => [
      `wallet/${id}/${currency}/available`,
      `wallet/${id}/${currency}/held`,
    ]),
  );
}

/** Accounts of the wallets and of the wallets' vaults. */
const ACCOUNTS = `select id, address from ledger_accounts where address = any ($1)
  or address in (select 'wallet/' || v.wallet_id || '/' || v.currency || '/vault/' || v.id from vaults v where v.wallet_id = any ($2::bigint[]))`;

async function readPostings(sql: postgres.TransactionSql, wallets: string[]): Promise<ObservedPosting[]> {
  type Row = Record<"address" | "version" | "balance" | "change" | "source" | "step", string> & {
    recorded_at: number;
  };
  const rows = await sql.unsafe<Row[]>(
    `with accounts as (${ACCOUNTS}) ${POSTING_SIDE("from", "-")} union all ${POSTING_SIDE("to", "")} order by address, version`,
    [accountsOf(wallets), wallets],
  );
  return rows
    .map(({ recorded_at: recordedAt, ...row }) => ({
      ...row,
      recordedAt,
      version: BigInt(row.version),
      balance: BigInt(row.balance),
      change: BigInt(row.change),
    }))
    .sort((one, other) =>
      one.address === other.address
        ? Number(one.version - other.version)
        : one.address < other.address
          ? -1
          : 1,
    );
}

async function readBalances(sql: postgres.TransactionSql, wallets: string[]): Promise<Map<string, bigint>> {
  const rows = await sql.unsafe<{ address: string; balance: string }[]>(
    `select a.address, a.balance::text as balance from ledger_accounts a join (${ACCOUNTS}) m on m.id = a.id`,
    [accountsOf(wallets), wallets],
  );
  return new Map(rows.map(({ address, balance }) => [address, BigInt(balance)]));
}

/** A suspense entry is named after its webhook event, which has the reference. */
async function readClearing(sql: postgres.TransactionSql, references: string[]): Promise<ClearingPosting[]> {
  const rows = await sql<(Omit<ClearingPosting, "change"> & { change: string })[]>`
    with ours as (
      select e.id, e.step, e.source as reference from ledger_entries e where e.source = any (${references})
      union all
      select e.id, e.step, w.reference from webhook_events w
        join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
        where w.reference = any (${references})
      union all
      select e.id, e.step, r.reference from unnest(${references}::text[]) as r(reference)
        join ledger_entries e on e.source in ('paystack:query:' || r.reference, 'getmipay:query:' || r.reference)
        and e.step = 'suspense'
    )
    select a.address as account, o.reference, o.step, (case when a.id = m.to_account then m.amount else -m.amount end)::text as change
    from ours o join ledger_postings m on m.entry_id = o.id
      join ledger_accounts a on a.id in (m.from_account, m.to_account) and a.address like 'clearing/%'`;
  return rows.map((row) => ({ ...row, change: BigInt(row.change) }));
}

async function readTotals(sql: postgres.TransactionSql): Promise<Map<string, bigint>> {
  const rows = await sql<{ address: string; balance: string }[]>`
    select address, ledger_balance(id)::text as balance from ledger_accounts where address like 'clearing/%'`;
  return new Map(rows.map(({ address, balance }) => [address, BigInt(balance)]));
}

async function readKeys(sql: postgres.TransactionSql, users: string[]): Promise<IdempotencyKeyRow[]> {
  return [
    ...(await sql<IdempotencyKeyRow[]>`select user_id::text as "userId", key, reference from idempotency_keys
      where user_id = any (${users}::bigint[])`),
  ];
}

async function countReversed(
  sql: postgres.TransactionSql,
  operations: readonly ObservedOperation[],
): Promise<number> {
  const ids = operations.map(({ id }) => id);
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from operation_events
    where operation_id = any (${ids}::bigint[]) and from_state = 'paid' and to_state = 'reversed'`;
  return row?.count ?? 0;
}

/** The provider's book entries of these operations. Paystack knows a payout by another form of its reference. */
export function providerEntriesOf(
  deployment: Deployment,
  operations: readonly Pick<ObservedOperation, "type" | "provider" | "reference">[],
): BookEntry[] {
  const { book } = deployment.sandbox;
  return operations.flatMap(({ type, provider, reference }) => {
    if (provider === null) return [];
    const providersReference =
      provider === "paystack" && type === "withdrawal" ? `${reference.toLowerCase()}-payout` : reference;
    const entry = book.find(type === "deposit" ? "collection" : "payout", providersReference);
    return entry ? [entry] : [];
  });
}
