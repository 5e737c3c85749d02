import type { Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";

/** A posting as one of its two accounts sees it. */
export interface StatementRow {
  version: bigint;
  entryId: bigint;
  /** Its place within its entry, from one on. */
  position: number;
  source: string;
  step: string;
  /** Negative when the amount left the account. */
  signedAmount: bigint;
  balanceAfter: bigint;
  recordedAt: Date;
}

interface RangeRow {
  openingVersion: bigint;
  openingMinor: bigint;
  closingVersion: bigint;
  closingMinor: bigint;
}

/** Calls ledger_position_before for the beginning and the end, by address; accounts that don't exist are missing. */
export async function readRanges(
  reader: Reader,
  addresses: readonly string[],
  { since, before }: { since: Date; before: Date },
): Promise<ReadonlyMap<string, RangeRow>> {
  const rows = await preparedSql(reader)<
    Record<"address" | "opening_version" | "opening" | "closing_version" | "closing", string>[]
  >`
    select a.address, o.version as opening_version, o.balance as opening, c.version as closing_version, c.balance as closing
    from ledger_accounts a
    cross join lateral ledger_position_before(a.id, ${since.toISOString()}::text::timestamptz) o
    cross join lateral ledger_position_before(a.id, ${before.toISOString()}::text::timestamptz) c
    where a.address = any (${[...addresses]}) and a.minimum_balance is not null`;
  return new Map(
    rows.map((row) => [
      row.address,
      {
        openingVersion: BigInt(row.opening_version),
        openingMinor: BigInt(row.opening),
        closingVersion: BigInt(row.closing_version),
        closingMinor: BigInt(row.closing),
      },
    ]),
  );
}

/** What came in and went out by the versions above `after`, up to `last`. */
export async function sumBetween(
  reader: Reader,
  address: string,
  after: bigint,
  last: bigint,
): Promise<{ inMinor: bigint; outMinor: bigint }> {
  const [row] = await preparedSql(reader)<{ came: string; went: string }[]>`
    with account as (select id from ledger_accounts where address = ${address} and minimum_balance is not null)
    select
      (select coalesce(sum(m.amount), 0) from ledger_postings m where m.to_account = (select id from account)
        and m.to_version > ${after.toString()} and m.to_version <= ${last.toString()}) as came,
      (select coalesce(sum(m.amount), 0) from ledger_postings m where m.from_account = (select id from account)
        and m.from_version > ${after.toString()} and m.from_version <= ${last.toString()}) as went`;
  return { inMinor: BigInt(row?.came ?? 0), outMinor: BigInt(row?.went ?? 0) };
}

/** The postings of the versions above `after`, up to `last`, oldest first. */
export async function readPostingsBetween(
  reader: Reader,
  address: string,
  after: bigint,
  last: bigint,
): Promise<StatementRow[]> {
  const rows = await preparedSql(reader)<
    (Record<"version" | "entry_id" | "source" | "step" | "signed" | "balance" | "at", string> & {
      position: number;
    })[]
  >`
    with account as (select id from ledger_accounts where address = ${address} and minimum_balance is not null),
    page as (
      select m.from_version as version, m.entry_id, m.position, -m.amount as signed, m.from_balance as balance, m.recorded_at
      from ledger_postings m where m.from_account = (select id from account)
        and m.from_version > ${after.toString()} and m.from_version <= ${last.toString()}
      union all
      select m.to_version, m.entry_id, m.position, m.amount, m.to_balance, m.recorded_at
      from ledger_postings m where m.to_account = (select id from account)
        and m.to_version > ${after.toString()} and m.to_version <= ${last.toString()}
    )
    select p.version, p.entry_id, p.position, e.source, e.step, p.signed, p.balance,
      to_char(p.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from page p join ledger_entries e on e.id = p.entry_id order by p.version`;
  return rows.map((row) => ({
    version: BigInt(row.version),
    entryId: BigInt(row.entry_id),
    position: row.position,
    source: row.source,
    step: row.step,
    signedAmount: BigInt(row.signed),
    balanceAfter: BigInt(row.balance),
    recordedAt: new Date(row.at),
  }));
}
