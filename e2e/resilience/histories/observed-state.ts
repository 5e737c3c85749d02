import type postgres from "postgres";

export interface ObservedOperation {
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
  key: string | null;
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

/** As the owner of the tables; a bigint column is a bigint. */
export type Sql = postgres.Sql<{ bigint: bigint }>;

export async function readOperations(sql: Sql, wallets: string[]): Promise<ObservedOperation[]> {
  return await sql<ObservedOperation[]>`
    select o.reference, type, state, reason, currency, amount_minor as amount, fee_minor as fee,
      wallet_id as wallet, counterparty_wallet_id as counterparty, provider, attempt, k.key
    from operations o left join idempotency_keys k on k.reference = o.reference
    where wallet_id = any (${wallets}::bigint[]) order by id`;
}

/** The database's rows about one history, read in one snapshot. */
export async function readObservedState(database: Sql, wallets: string[]) {
  return await database.begin("isolation level repeatable read read only", async (tx) => {
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
      /** References of webhook events that wait for an operator. */
      needsReview: new Set(inReview.map(({ reference }) => reference)),
      /** Number of payouts that were reversed after they were paid. */
      reversed: reversed.length,
    };
  });
}

/** Of every account of these wallets: what is available, held or in a vault. */
async function readPostings(sql: Sql, wallets: string[]): Promise<ObservedPosting[]> {
  return await sql<ObservedPosting[]>`
    select a.address, side.balance, side.change, e.source, e.step,
      (extract(epoch from p.recorded_at) * 1000)::float8 as "recordedAt"
    from ledger_accounts a join ledger_postings p on a.id in (p.from_account, p.to_account)
      join ledger_entries e on e.id = p.entry_id
      cross join lateral (values (p.from_account, p.from_version, p.from_balance, -p.amount),
        (p.to_account, p.to_version, p.to_balance, p.amount)) as side (account, version, balance, change)
    where side.account = a.id and a.address like any (${wallets.map((id) => `wallet/${id}/%`)})
    order by a.address, side.version`;
}
