import type { BookEntry } from "@/lib/sandbox/book";
import { type Environment, walletIds } from "./environment";

export interface ObservedOperation {
  id: bigint;
  reference: string;
  type: string;
  state: string;
  reason: string | null;
  currency: string;
  amount: bigint;
  fee: bigint;
  wallet: bigint;
  counterparty: bigint | null;
  provider: string | null;
  attempt: number;
}

/** One side of a posting, on an account of the history's wallets. */
export interface ObservedPosting {
  /** `wallet/7/XOF/available`. */
  address: string;
  balance: bigint;
  change: bigint;
  source: string;
  step: string;
  /** Milliseconds since 1970, between the account's lock and the commit. */
  recordedAt: number;
}

/** The database's rows about one history, read in one snapshot, and the provider's book entries. */
export interface ObservedState {
  operations: readonly ObservedOperation[];
  /** By account, then by version. */
  postings: readonly ObservedPosting[];
  /** Balances of wallets and vaults, by address. */
  balances: ReadonlyMap<string, bigint>;
  /** What changed on clearing accounts, by reference. */
  clearing: ReadonlyMap<string, bigint>;
  /** References of webhook events that wait for an operator. */
  needsReview: ReadonlySet<string>;
  /** Numbers of payouts that were reversed after they were paid, and of entries to suspense. */
  reversed: number;
  suspended: number;
  /** Most active keys of one person. */
  activeKeys: number;
  /** By our reference. */
  book: ReadonlyMap<string, BookEntry>;
}

type Sql = Environment["sql"];

export async function readOperations(sql: Sql, wallets: string[]): Promise<ObservedOperation[]> {
  return await sql<ObservedOperation[]>`
    select id, reference, type, state, reason, currency, amount_minor as amount, fee_minor as fee,
      wallet_id as wallet, counterparty_wallet_id as counterparty, provider, attempt
    from operations where wallet_id = any (${wallets}::bigint[]) or counterparty_wallet_id = any (${wallets}::bigint[])
    order by id`;
}

export async function readObservedState(env: Environment): Promise<ObservedState> {
  const wallets = walletIds(env);
  const users = env.people.all.map(({ userId }) => userId.toString());
  return await env.sql.begin("isolation level repeatable read read only", async (tx) => {
    const sql = tx as unknown as Sql;
    const operations = await readOperations(sql, wallets);
    const references = operations.map(({ reference }) => reference);
    const entries = await readClearing(sql, references);
    const needsReview = await sql<{ reference: string }[]>`
      select reference from webhook_events where state = 'needs_review' and reference = any (${references})`;
    const [counts] = await sql<{ reversed: number; activeKeys: number }[]>`
      select (select count(*)::int from operation_events where from_state = 'paid' and to_state = 'reversed'
          and operation_id = any (${operations.map(({ id }) => id.toString())}::bigint[])) as reversed,
        (select coalesce(max(keys), 0) from (select count(*)::int as keys from api_keys
          where user_id = any (${users}::bigint[]) and revoked_at is null and expires_at > now()
          group by user_id) per_person) as "activeKeys"`;
    return {
      operations,
      postings: await readPostings(sql, wallets),
      balances: await readBalances(sql, wallets),
      clearing: sumBy(entries),
      needsReview: new Set(needsReview.map(({ reference }) => reference)),
      reversed: counts?.reversed ?? 0,
      suspended: entries.filter(({ step }) => step === "suspense").length,
      activeKeys: counts?.activeKeys ?? 0,
      book: providerEntries(env, operations),
    };
  });
}

/** Every account of these wallets: what is available, held or in a vault. */
const accountsOf = (sql: Sql, wallets: string[]) =>
  sql`select id, address, balance from ledger_accounts where address like any (${wallets.map((id) => `wallet/${id}/%`)})`;

async function readPostings(sql: Sql, wallets: string[]): Promise<ObservedPosting[]> {
  return await sql<ObservedPosting[]>`
    select a.address, side.balance, side.change, e.source, e.step,
      (extract(epoch from p.recorded_at) * 1000)::float8 as "recordedAt"
    from (${accountsOf(sql, wallets)}) a
      join ledger_postings p on p.from_account = a.id or p.to_account = a.id
      join ledger_entries e on e.id = p.entry_id
      cross join lateral (values (p.from_account, p.from_version, p.from_balance, -p.amount),
        (p.to_account, p.to_version, p.to_balance, p.amount)) as side (account, version, balance, change)
    where side.account = a.id order by a.address, side.version`;
}

async function readBalances(sql: Sql, wallets: string[]): Promise<Map<string, bigint>> {
  const rows = await sql<{ address: string; balance: bigint }[]>`${accountsOf(sql, wallets)}`;
  return new Map(rows.map(({ address, balance }) => [address, balance]));
}

interface ClearingEntry {
  reference: string;
  step: string;
  change: bigint;
}

/** A suspense entry is named after its webhook event, which has the reference, or after the query that found the money. */
async function readClearing(sql: Sql, references: string[]): Promise<ClearingEntry[]> {
  return await sql<ClearingEntry[]>`
    with ours as (
      select id, step, source as reference from ledger_entries where source = any (${references})
      union all
      select e.id, e.step, w.reference from webhook_events w
        join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
        where w.reference = any (${references})
      union all
      select e.id, e.step, r.reference from unnest(${references}::text[]) as r(reference)
        join ledger_entries e on e.source in ('paystack:query:' || r.reference, 'getmipay:query:' || r.reference)
        and e.step = 'suspense'
    )
    select o.reference, o.step, case when a.id = p.to_account then p.amount else -p.amount end as change
    from ours o join ledger_postings p on p.entry_id = o.id
      join ledger_accounts a on a.id in (p.from_account, p.to_account) and a.address like 'clearing/%'`;
}

function sumBy(entries: readonly ClearingEntry[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { reference, change } of entries) sums.set(reference, (sums.get(reference) ?? 0n) + change);
  return sums;
}

/** The provider's book entries of these operations, by our reference. */
export function providerEntries(
  { deployment }: Pick<Environment, "deployment">,
  operations: readonly ObservedOperation[],
): Map<string, BookEntry> {
  return new Map(
    operations.flatMap((operation): [string, BookEntry][] => {
      if (operation.provider === null) return [];
      const kind = operation.type === "deposit" ? "collection" : "payout";
      const entry = deployment.sandbox.book.find(kind, providersReference(operation));
      return entry ? [[operation.reference, entry]] : [];
    }),
  );
}

/** Paystack knows a payout by another form of its reference. */
export function providersReference({
  provider,
  type,
  reference,
}: Pick<ObservedOperation, "provider" | "type" | "reference">): string {
  return provider === "paystack" && type === "withdrawal" ? `${reference.toLowerCase()}-payout` : reference;
}
