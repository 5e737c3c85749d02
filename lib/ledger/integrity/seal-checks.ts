import type { AuditCheck } from "./store";

/** So many of the newest rows are hashed again unless the audit is a full one: some seconds. */
const NEWEST_ROWS = 500_000;

/** The number of seals that differ from the rows that they cover, among those with fewer than so many newer rows. */
const brokenRanges = (newerRows: string) => `select count(*) from (
    select x.*, sum(row_count + posting_count) over (order by number desc) - row_count - posting_count as newer
    from ledger_seals x) s
  cross join lateral ledger_seal_digest(s.subject, s.from_id, s.to_id) d
  where s.newer < ${newerRows} and (d.content_hash, d.row_count, d.posting_count)
    is distinct from (s.content_hash, s.row_count, s.posting_count)`;

/** The functions that write and read seals, by the SHA-256 of their source (0005_sealing.sql). */
const SEALING_FUNCTIONS = `values
  ('ledger_seal_lines', 'eb6b19b23f6684908fe1ff8cb711a6878d6559c230a735d74834665a51e6b465'),
  ('ledger_seal_digest', '6eac8225c5fb957718efd01822233677e60c268bc07aa327d63ebd571891e3df'),
  ('ledger_seal_line', '327112de1766ceae74c1349f57963465d7956d861c46b4a77755c8c29bba792f'),
  ('ledger_writers_end', 'c586c6a05a83b752dc958c013bb98b78c1ec09016960659170bd65856469accf'),
  ('ledger_seal', 'a9aca32fb19e0350998bc5f72002e2ed384f1131e559c78d0699871f304f7acd'),
  ('ledger_seal_newest', '719acd0b36a42d5a99a0ab2034308d3919f997e7c9d6fc9a6a67e81b3ae6210c')`;

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
      + (select count(*) from (${SEALING_FUNCTIONS}) as f(name, hash) where not exists (select from pg_proc p
        where p.proname = f.name and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = f.hash))`,
  },
];
