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

export type ObservedState = Awaited<ReturnType<typeof readObservedState>>;

type Sql = Environment["sql"];

export async function readOperations(sql: Sql, wallets: string[]): Promise<ObservedOperation[]> {
  return await sql<ObservedOperation[]>`
    select id, reference, type, state, reason, currency, amount_minor as amount, fee_minor as fee,
      wallet_id as wallet, counterparty_wallet_id as counterparty, provider, attempt
    from operations where wallet_id = any (${wallets}::bigint[]) or counterparty_wallet_id = any (${wallets}::bigint[])
    order by id`;
}

/** The database's rows about one history, read in one snapshot, and the provider's book entries. */
export async function readObservedState(env: Environment) {
  const wallets = walletIds(env);
  return await env.sql.begin("isolation level repeatable read read only", async (tx) => {
    const sql = tx as unknown as Sql;
    const operations = await readOperations(sql, wallets);
    const references = operations.map(({ reference }) => reference);
    const inReview = await sql<{ reference: string }[]>`
      select reference from webhook_events where state = 'needs_review' and reference = any (${references})`;
    const reversed = await sql`
      select from operation_events e join operations o on o.id = e.operation_id
      where o.reference = any (${references}) and e.from_state = 'paid' and e.to_state = 'reversed'`;
    return {
      operations,
      /** By account, then by version. */
      postings: await readPostings(sql, wallets),
      balances: await readBalances(sql, wallets),
      clearing: await readClearing(sql, references),
      /** References of webhook events that wait for an operator. */
      needsReview: new Set(inReview.map(({ reference }) => reference)),
      /** Number of payouts that were reversed after they were paid. */
      reversed: reversed.length,
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

/** A change of a provider's clearing account for one reference. */
interface ClearingChange {
  reference: string;
  step: string;
  change: bigint;
}

/** A suspense entry is named after its webhook event, which has the reference, or after the query that found the money. */
async function readClearing(sql: Sql, references: string[]): Promise<ClearingChange[]> {
  return await sql<ClearingChange[]>`
    with sources as (
      select reference, reference as source from unnest(${references}::text[]) as r(reference)
      union all
      select reference, provider || ':query:' || reference from operations where reference = any (${references})
      union all
      select reference, provider || ':' || event_key from webhook_events where reference = any (${references})
    )
    select s.reference, e.step, case when a.id = p.to_account then p.amount else -p.amount end as change
    from sources s join ledger_entries e on e.source = s.source and (e.step = 'suspense' or s.source = s.reference)
      join ledger_postings p on p.entry_id = e.id
      join ledger_accounts a on a.id in (p.from_account, p.to_account) and a.address like 'clearing/%'`;
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
