import type postgres from "postgres";
import type { BookEntry } from "@/lib/sandbox/book";
import type { Deployment } from "../deployment";
import type { People } from "./people";

export interface OperationFact {
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

/** A posting in or out of one account of the history's wallets, as it was written down. */
export interface PostingFact {
  /** `wallet/7/XOF/available`. */
  address: string;
  version: bigint;
  balance: bigint;
  change: bigint;
  source: string;
  step: string;
  /** Milliseconds since 1970: after the account was locked, before the commit. */
  recordedAt: number;
}

/** What passed a provider's clearing account for one of our references. */
export interface ClearingFact {
  account: string;
  reference: string;
  step: string;
  change: bigint;
}

export interface KeyFact {
  userId: string;
  key: string;
  reference: string | null;
}

export interface NeedsReviewFact {
  reference: string | null;
  outcome: string | null;
}

/** What the database says about one history, read in one snapshot, and the provider's book beside it. */
export interface Facts {
  operations: OperationFact[];
  /** Along each account by version. */
  postings: PostingFact[];
  balances: Map<string, bigint>;
  clearing: ClearingFact[];
  /** Every clearing and suspense account of the deployment: its balance. */
  totals: Map<string, bigint>;
  keys: KeyFact[];
  /** Events that wait for an operator, by the reference that they name. */
  needsReview: NeedsReviewFact[];
  /** Payouts that were paid before they were taken back. */
  reversedAfterPaid: number;
  activeKeys: { userId: string; count: number }[];
  book: BookEntry[];
}

const ENDS = (side: "from" | "to", sign: "-" | "") => `
  select a.address, m.${side}_version::text as version, m.${side}_balance::text as balance, (${sign}m.amount)::text as change,
    e.source, e.step, (extract(epoch from m.recorded_at) * 1000)::float8 as recorded_at
  from ledger_postings m join ledger_entries e on e.id = m.entry_id join mine a on a.id = m.${side}_account
  where m.${side}_version is not null`;

/** Reads it all as the owner of the tables, in one snapshot. */
export async function readFacts(deployment: Deployment, people: People): Promise<Facts> {
  const users = people.all.map(({ userId }) => userId.toString());
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  const facts = await deployment.owner.begin("isolation level repeatable read read only", async (sql) => {
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
        ...(await sql<NeedsReviewFact[]>`select reference, outcome from webhook_events
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
  return { ...facts, book: bookOf(deployment, facts.operations) };
}

async function readOperations(sql: postgres.TransactionSql, wallets: string[]): Promise<OperationFact[]> {
  const rows = await sql<(Omit<OperationFact, "amount" | "fee"> & { amount: string; fee: string })[]>`
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

/** Vaults have addresses of their own: they are found by their wallets. */
const MINE = `select id, address from ledger_accounts where address = any ($1)
  or address in (select 'wallet/' || v.wallet_id || '/' || v.currency || '/vault/' || v.id from vaults v where v.wallet_id = any ($2::bigint[]))`;

async function readPostings(sql: postgres.TransactionSql, wallets: string[]): Promise<PostingFact[]> {
  type Row = Record<"address" | "version" | "balance" | "change" | "source" | "step", string> & {
    recorded_at: number;
  };
  const rows = await sql.unsafe<Row[]>(
    `with mine as (${MINE}) ${ENDS("from", "-")} union all ${ENDS("to", "")} order by address, version`,
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
    `select a.address, a.balance::text as balance from ledger_accounts a join (${MINE}) m on m.id = a.id`,
    [accountsOf(wallets), wallets],
  );
  return new Map(rows.map(({ address, balance }) => [address, BigInt(balance)]));
}

/** Money in suspense has its event's name: which reference that was about is known from the event. */
async function readClearing(sql: postgres.TransactionSql, references: string[]): Promise<ClearingFact[]> {
  const rows = await sql<(Omit<ClearingFact, "change"> & { change: string })[]>`
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

async function readKeys(sql: postgres.TransactionSql, users: string[]): Promise<KeyFact[]> {
  return [
    ...(await sql<KeyFact[]>`select user_id::text as "userId", key, reference from idempotency_keys
      where user_id = any (${users}::bigint[])`),
  ];
}

async function countReversed(
  sql: postgres.TransactionSql,
  operations: readonly OperationFact[],
): Promise<number> {
  const ids = operations.map(({ id }) => id);
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from operation_events
    where operation_id = any (${ids}::bigint[]) and from_state = 'paid' and to_state = 'reversed'`;
  return row?.count ?? 0;
}

/** The provider's own entries for these operations: Paystack has its own form of a payout's reference. */
export function bookOf(
  deployment: Deployment,
  operations: readonly Pick<OperationFact, "type" | "provider" | "reference">[],
): BookEntry[] {
  const { book } = deployment.sandbox;
  return operations.flatMap(({ type, provider, reference }) => {
    if (provider === null) return [];
    const theirs =
      provider === "paystack" && type === "withdrawal" ? `${reference.toLowerCase()}-payout` : reference;
    const entry = book.find(type === "deposit" ? "collection" : "payout", theirs);
    return entry ? [entry] : [];
  });
}
