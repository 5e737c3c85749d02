import type { AuditCheck } from "./audit-check";
import hashes from "./sealing-functions.json" with { type: "json" };

/** So many of the newest rows are hashed again unless the audit is a full one: some seconds. */
const NEWEST_ROWS = 500_000;

/** The number of seals that differ from the rows that they cover, among those with fewer than so many newer rows. */
const brokenRanges = (newerRows: string) => `select count(*) from (
    select x.*, sum(row_count + posting_count) over (order by number desc) - row_count - posting_count as newer
    from ledger_seals x) s
  cross join lateral ledger_seal_digest(s.subject, s.from_id, s.to_id) d
  where s.newer < ${newerRows} and (d.content_hash, d.row_count, d.posting_count)
    is distinct from (s.content_hash, s.row_count, s.posting_count)`;

/** The functions that write and read seals, by the SHA-256 of their source: written by seal-checks.db.test.ts. */
const SEALING_FUNCTIONS = Object.entries(hashes)
  .map(([name, hash]) => `('${name}', '${hash}')`)
  .join(", ");

/** Invariant 13: what was written is what was sealed. */
export const SEAL_CHECKS: readonly AuditCheck[] = [
  {
    invariant: 13,
    promise: "each seal follows from the one before it",
    query: `select count(*) from (
      select s.*, ledger_seal_line(s) as line, lag(root, 1, decode(repeat('00', 32), 'hex')) over w as before,
        lag(number, 1, 0::bigint) over w + 1 as place,
        lag(to_id, 1, 0::bigint) over (partition by subject order by number) + 1 as beginning
      from ledger_seals s window w as (order by number)) s
      where number <> place or previous_root <> before or from_id <> beginning
        or root <> sha256(convert_to(line, 'UTF8'))`,
  },
  {
    invariant: 13,
    promise: "each seal equals the rows that it covers",
    query: brokenRanges(String(NEWEST_ROWS)),
    fullQuery: brokenRanges("'infinity'"),
  },
  {
    invariant: 13,
    promise: "the functions, triggers and grants that seal are as they were installed",
    query: `select (select 2 - count(*) from pg_trigger where tgenabled = 'O'
        and tgname in ('ledger_seals_append_only', 'ledger_seals_no_truncate'))
      + (select count(*) from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as p(privilege)
        where has_table_privilege('cauris_app', 'ledger_seals', p.privilege))
      + (select count(*) from (values ${SEALING_FUNCTIONS}) as f(name, hash) where not exists (select from pg_proc p
        where p.proname = f.name and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = f.hash))`,
  },
];
