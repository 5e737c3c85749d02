import type postgres from "postgres";

/** As the owner of the tables; a bigint column is a bigint. */
export type Sql = postgres.Sql<{ bigint: bigint }>;

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
  /** A webhook event about it waits for an operator. */
  isInReview: boolean;
}

/** One side of a posting, on an account of the history's wallets. */
export interface ObservedPosting {
  /** `wallet/7/XOF/available`. */
  address: string;
  balance: bigint;
  source: string;
  step: string;
  /** Milliseconds since 1970, between the account's lock and the commit. */
  recordedAt: number;
}

export async function readOperations(sql: Sql, wallets: string[]): Promise<ObservedOperation[]> {
  return await sql<ObservedOperation[]>`
    select o.reference, type, o.state, reason, currency, amount_minor as amount, fee_minor as fee,
      wallet_id as wallet, counterparty_wallet_id as counterparty, provider, attempt, k.key,
      exists (select from webhook_events w where w.reference = o.reference and w.state = 'needs_review') as "isInReview"
    from operations o left join idempotency_keys k on k.reference = o.reference
    where wallet_id = any (${wallets}::bigint[]) order by id`;
}

/** Of every account of these wallets, what is available, held or in a vault: by account, then by version. */
export async function readPostings(sql: Sql, wallets: string[]): Promise<ObservedPosting[]> {
  return await sql<ObservedPosting[]>`
    select a.address, side.balance, e.source, e.step,
      (extract(epoch from p.recorded_at) * 1000)::float8 as "recordedAt"
    from ledger_accounts a join ledger_postings p on a.id in (p.from_account, p.to_account)
      join ledger_entries e on e.id = p.entry_id
      cross join lateral (values (p.from_account, p.from_version, p.from_balance),
        (p.to_account, p.to_version, p.to_balance)) as side (account, version, balance)
    where side.account = a.id and a.address like any (${wallets.map((id) => `wallet/${id}/%`)})
    order by a.address, side.version`;
}
