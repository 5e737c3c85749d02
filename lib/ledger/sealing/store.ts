import type { Database, Reader } from "@/db/client";
import { SEAL_SUBJECTS } from "@/db/schema";
import { preparedSql } from "@/db/transaction";

export { SEAL_SUBJECTS };
export type SealSubject = (typeof SEAL_SUBJECTS)[number];

/** A seal without its content: a closed range of one subject's ids, as it is stored now. */
export interface Seal {
  number: bigint;
  subject: SealSubject;
  fromId: bigint;
  toId: bigint;
  /** Rows and, of entries, their postings. */
  rows: bigint;
  /** Its canonical line: the root is the SHA-256 of these bytes. */
  line: string;
  /** In hexadecimal. */
  root: string;
}

/** The newest seal; null while nothing is sealed. */
export type SealHead = Pick<Seal, "number" | "root">;

/** A seal that is wrong about its own hash, its link to the one before it, or the rows that it covers. */
export interface BrokenSeal extends Omit<Seal, "line" | "root"> {
  fault: "chain" | "rows";
  rowsFound: bigint;
}

/** Calls ledger_seal: the number of the new seal, or null when there is nothing (closed) to seal. */
export async function callLedgerSeal(
  db: Database,
  subject: SealSubject,
  limit: number,
): Promise<bigint | null> {
  const [row] = await preparedSql(db)<{ number: string | null }[]>`
    select ledger_seal(${subject}, ${limit}) as number`;
  return row?.number == null ? null : BigInt(row.number);
}

export async function readSealHead(reader: Reader): Promise<SealHead | null> {
  const [row] = await preparedSql(reader)<{ number: string; root: string }[]>`
    select number, encode(root, 'hex') as root from ledger_seals order by number desc limit 1`;
  return row ? { number: BigInt(row.number), root: row.root } : null;
}

/** The first seal of entries that reaches this entry; null while none does. */
export async function readSealOfEntry(
  reader: Reader,
  entryId: bigint,
): Promise<(SealHead & { sealedAt: Date }) | null> {
  const [row] = await preparedSql(reader)<Record<"number" | "root" | "at", string>[]>`
    select number, encode(root, 'hex') as root, to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from ledger_seals where subject = 'entries' and to_id >= ${entryId.toString()} order by to_id limit 1`;
  return row ? { number: BigInt(row.number), root: row.root, sealedAt: new Date(row.at) } : null;
}

/** The id of the newest entry of a source; null when it has none. */
export async function findLastEntryId(reader: Reader, source: string): Promise<bigint | null> {
  const [row] = await preparedSql(reader)<{ id: string }[]>`
    select id from ledger_entries where source = ${source} order by id desc limit 1`;
  return row ? BigInt(row.id) : null;
}

type SealRow = Record<"number" | "from_id" | "to_id" | "rows" | "line" | "root", string> & {
  subject: SealSubject;
};

/** Up to `limit` seals after number `after`, oldest first. */
export async function readSeals(reader: Reader, after: bigint, limit: number): Promise<Seal[]> {
  const rows = await preparedSql(reader)<SealRow[]>`
    select s.number, s.subject, s.from_id, s.to_id, s.row_count + s.posting_count as rows, ledger_seal_line(s) as line,
      encode(s.root, 'hex') as root
    from ledger_seals s where s.number > ${after.toString()} order by s.number limit ${limit}`;
  return rows.map((row) => ({ ...rangeOf(row), line: row.line, root: row.root }));
}

/** The canonical lines of a seal's range, as the rows are now. */
export async function readSealedLines(
  reader: Reader,
  { subject, fromId, toId }: Pick<Seal, "subject" | "fromId" | "toId">,
): Promise<string[]> {
  const rows = await preparedSql(reader)<{ line: string }[]>`
    select line from ledger_seal_lines(${subject}, ${fromId.toString()}, ${toId.toString()})`;
  return rows.map(({ line }) => line);
}

/**
 * Up to `limit` seals whose number, range or previous root doesn't follow from the seals before them, or whose root isn't
 * the hash of their own line; oldest first.
 */
export async function findBrokenLinks(reader: Reader, limit: number): Promise<BrokenSeal[]> {
  const rows = await preparedSql(reader)<Omit<SealRow, "line" | "root">[]>`
    select number, subject, from_id, to_id, row_count + posting_count as rows from (
      select s.*, ledger_seal_line(s) as line, lag(root, 1, decode(repeat('00', 32), 'hex')) over w as before,
        lag(number, 1, 0::bigint) over w + 1 as place,
        lag(to_id, 1, 0::bigint) over (partition by subject order by number) + 1 as beginning
      from ledger_seals s window w as (order by number)) s
    where number <> place or previous_root <> before or from_id <> beginning
      or root <> sha256(convert_to(line, 'UTF8'))
    order by number limit ${limit}`;
  return rows.map((row) => ({ ...rangeOf(row), fault: "chain", rowsFound: BigInt(row.rows) }));
}

/** Which of the seals with numbers from `first` to `last` don't equal the rows that they cover; oldest first. */
export async function findBrokenRanges(reader: Reader, first: bigint, last: bigint): Promise<BrokenSeal[]> {
  const rows = await preparedSql(reader)<(Omit<SealRow, "line" | "root"> & { found: string })[]>`
    select s.number, s.subject, s.from_id, s.to_id, s.row_count + s.posting_count as rows,
      d.row_count + d.posting_count as found
    from ledger_seals s cross join lateral ledger_seal_digest(s.subject, s.from_id, s.to_id) d
    where s.number between ${first.toString()} and ${last.toString()}
      and (d.content_hash, d.row_count, d.posting_count)
        is distinct from (s.content_hash, s.row_count, s.posting_count)
    order by s.number`;
  return rows.map((row) => ({ ...rangeOf(row), fault: "rows", rowsFound: BigInt(row.found) }));
}

function rangeOf(row: Omit<SealRow, "line" | "root">): Omit<Seal, "line" | "root"> {
  return {
    number: BigInt(row.number),
    subject: row.subject,
    fromId: BigInt(row.from_id),
    toId: BigInt(row.to_id),
    rows: BigInt(row.rows),
  };
}
