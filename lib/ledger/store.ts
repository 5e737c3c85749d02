import type { Reader, Transaction } from "@/db/client";
import { preparedSql } from "@/db/transaction";
import type { Currency } from "@/lib/money/currency";
import type { LedgerAccount } from "./chart";
import type { EntryDraft } from "./draft";

/** The result of posting one entry of a list. */
export type VerdictCode =
  | "posted"
  | "duplicate"
  | "mismatch"
  | "insufficient_funds"
  | "unknown_account"
  | "currency_mismatch";

export interface Verdict {
  verdict: VerdictCode;
  /** The entry's id when posted, duplicate or mismatch. */
  entryId: bigint | null;
}

/** Calls ledger_open_accounts. */
export async function insertMissingAccounts(
  tx: Transaction,
  accounts: readonly LedgerAccount[],
): Promise<void> {
  const sql = preparedSql(tx);
  const minimumBalances = accounts.map((account) => account.minimumBalance?.toString() ?? null);
  await sql`select ledger_open_accounts(
    ${accounts.map((account) => account.address)}, ${accounts.map((account) => account.currency)},
    ${minimumBalances}::bigint[])`;
}

/** One call of the posting function. Shapes are the function's own: db/migrations/0002_ledger_posting.sql. */
export async function callLedgerPost(reader: Reader, drafts: readonly EntryDraft[]): Promise<Verdict[]> {
  const postings = drafts.flatMap((draft) => draft.postings);
  const addresses = new Set(postings.flatMap(({ from, to }) => [from.address, to.address]));
  // Byte order, as the function's collation "C" has it; addresses are ASCII.
  const accounts = [...addresses].sort((a, b) => (a < b ? -1 : 1));
  const positions = new Map(accounts.map((address, index) => [address, index + 1]));
  const at = (account: LedgerAccount) => positions.get(account.address) ?? 0;
  const sql = preparedSql(reader);
  const [row] = await sql<{ verdicts: VerdictCode[]; entry_ids: string[] }[]>`
    select verdicts, entry_ids from ledger_post(
      ${accounts},
      ${drafts.map((draft) => draft.source)}, ${drafts.map((draft) => draft.step)},
      ${drafts.map((draft) => draft.occurredAt.toISOString())}::text[]::timestamptz[],
      ${drafts.map((draft) => draft.reversesEntryId?.toString() ?? null)}::bigint[],
      ${drafts.map((draft) => draft.postings.length)},
      ${postings.map(({ from }) => at(from))}, ${postings.map(({ to }) => at(to))},
      ${postings.map(({ amount }) => amount.currency)},
      ${postings.map(({ amount }) => amount.amountMinor.toString())})`;
  return (row?.verdicts ?? []).map((verdict, index) => {
    const id = BigInt(row?.entry_ids[index] ?? 0);
    return { verdict, entryId: id === 0n ? null : id };
  });
}

export interface AccountBalance {
  address: string;
  balance: bigint;
}

/** Balances of the accounts that exist among `addresses`. */
export async function readBalances(reader: Reader, addresses: readonly string[]): Promise<AccountBalance[]> {
  const sql = preparedSql(reader);
  const rows = await sql<{ address: string; balance: string }[]>`
    select address, ledger_balance(id) as balance from ledger_accounts where address = any (${[...addresses]})`;
  return rows.map((row) => ({ address: row.address, balance: BigInt(row.balance) }));
}

/**
 * What a materialized account held just before each instant, which ascend (null: now); 0 before its first posting, and for an
 * account that doesn't exist. Calls ledger_balances_before.
 */
export async function readBalancesAt(
  reader: Reader,
  address: string,
  instants: readonly (Date | null)[],
): Promise<bigint[]> {
  const sql = preparedSql(reader);
  const texts = instants.map((instant) => instant?.toISOString() ?? "infinity");
  const [row] = await sql<{ balances: string[] }[]>`
    select ledger_balances_before(id, ${texts}::text[]::timestamptz[]) as balances
    from ledger_accounts where address = ${address} and minimum_balance is not null`;
  return row === undefined ? instants.map(() => 0n) : row.balances.map(BigInt);
}

/** How many postings each account has had: of materialized accounts, by address. */
export async function readVersions(
  reader: Reader,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const sql = preparedSql(reader);
  const rows = await sql<{ address: string; version: string }[]>`
    select address, version from ledger_accounts where address = any (${[...addresses]})`;
  return new Map(rows.map(({ address, version }) => [address, BigInt(version)]));
}

export interface StatementRow {
  version: bigint;
  entryId: bigint;
  source: string;
  step: string;
  /** Negative when the amount left the account. */
  signedAmount: bigint;
  balanceAfter: bigint;
  recordedAt: Date;
}

/** Up to `limit` postings of a materialized account below `beforeVersion`, newest first. */
export async function readStatement(
  reader: Reader,
  address: string,
  beforeVersion: bigint,
  limit: number,
): Promise<StatementRow[]> {
  const sql = preparedSql(reader);
  const rows = await sql<
    Record<"version" | "entry_id" | "source" | "step" | "signed" | "after" | "at", string>[]
  >`
    with account as (select id from ledger_accounts where address = ${address} and minimum_balance is not null),
    page as (
      (select m.from_version as version, m.entry_id, -m.amount as signed, m.from_balance as after, m.recorded_at
        from ledger_postings m where m.from_account = (select id from account)
        and m.from_version < ${beforeVersion.toString()} order by m.from_version desc limit ${limit})
      union all
      (select m.to_version, m.entry_id, m.amount, m.to_balance, m.recorded_at
        from ledger_postings m where m.to_account = (select id from account)
        and m.to_version < ${beforeVersion.toString()} order by m.to_version desc limit ${limit})
      order by version desc limit ${limit}
    )
    select p.version, p.entry_id, e.source, e.step, p.signed, p.after,
      to_char(p.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from page p join ledger_entries e on e.id = p.entry_id order by p.version desc`;
  return rows.map((row) => ({
    version: BigInt(row.version),
    entryId: BigInt(row.entry_id),
    source: row.source,
    step: row.step,
    signedAmount: BigInt(row.signed),
    balanceAfter: BigInt(row.after),
    recordedAt: new Date(row.at),
  }));
}

/** Calls ledger_checkpoint. */
export async function callLedgerCheckpoint(tx: Transaction): Promise<number> {
  const [row] = await preparedSql(tx)<{ written: number }[]>`select ledger_checkpoint() as written`;
  return row?.written ?? 0;
}

/** Calls ledger_lock_balance. */
export async function callLedgerLockBalance(tx: Transaction, address: string): Promise<bigint> {
  const [row] = await preparedSql(tx)<{ balance: string | null }[]>`
    select ledger_lock_balance(${address}) as balance`;
  return BigInt(row?.balance ?? 0);
}

export interface SuspenseFilter {
  /** True: without entries that were reversed, since their money was assigned to a deposit. */
  isOpen: boolean;
  since?: Date;
  entryId?: bigint;
  limit: number;
}

/** An entry that put money into suspense. */
export interface SuspenseRow {
  entryId: bigint;
  /** The provider and its event: `<provider>:<event key>`. */
  source: string;
  currency: Currency;
  amountMinor: bigint;
  recordedAt: Date;
}

/** Up to `limit` entries into the suspense accounts `addresses`, oldest first. */
export async function readSuspense(
  reader: Reader,
  addresses: readonly string[],
  { isOpen, since, entryId, limit }: SuspenseFilter,
): Promise<SuspenseRow[]> {
  const sql = preparedSql(reader);
  const rows = await sql<{ id: string; source: string; currency: Currency; amount: string; at: string }[]>`
    select e.id, e.source, m.currency, m.amount,
      to_char(m.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from ledger_accounts a
    join ledger_postings m on m.to_account = a.id and m.to_version is null
    join ledger_entries e on e.id = m.entry_id and e.step = 'suspense'
    where a.address = any (${[...addresses]})
      and m.recorded_at >= coalesce(${since?.toISOString() ?? null}::timestamptz, '-infinity')
      and m.entry_id = coalesce(${entryId?.toString() ?? null}::bigint, m.entry_id)
      and not (${isOpen} and exists (select from ledger_entries t where t.reverses_entry_id = e.id))
    order by e.id limit ${limit}`;
  return rows.map((row) => ({
    entryId: BigInt(row.id),
    source: row.source,
    currency: row.currency,
    amountMinor: BigInt(row.amount),
    recordedAt: new Date(row.at),
  }));
}

/** What entries of one source moved at accounts of the deployment, in one currency; positive when money came in. */
export interface MovedRow {
  source: string;
  currency: Currency;
  cameInMinor: bigint;
}

/** What came in (left the derived accounts `addresses`), less what went out, by source of its entries. */
export async function readMoved(
  reader: Reader,
  addresses: readonly string[],
  sources: readonly string[],
): Promise<MovedRow[]> {
  const sql = preparedSql(reader);
  const rows = await sql<{ source: string; currency: Currency; net: string }[]>`
    select e.source, m.currency, sum(case when a.id = m.from_account then m.amount else -m.amount end) as net
    from ledger_entries e
    join ledger_postings m on m.entry_id = e.id
    join ledger_accounts a on a.id in (m.from_account, m.to_account) and a.address = any (${[...addresses]})
    where e.source = any (${[...sources]}) group by e.source, m.currency`;
  return rows.map(({ source, currency, net }) => ({ source, currency, cameInMinor: BigInt(net) }));
}
