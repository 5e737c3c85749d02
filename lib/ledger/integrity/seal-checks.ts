import type { AuditCheck } from "./store";

/** So many of the newest rows are hashed again unless the audit is a full one: some seconds. */
const NEWEST_ROWS = 500_000;

/** The number of seals that differ from the rows that they cover, among those with fewer than so many newer rows. */
const brokenRanges = (newerRows: string) => `select count(*) from (
    select x.*, sum(row_count + movement_count) over (order by number desc) - row_count - movement_count as newer
    from ledger_seals x) s
  cross join lateral ledger_seal_digest(s.subject, s.from_id, s.to_id) d
  where s.newer < ${newerRows} and (d.content_hash, d.row_count, d.movement_count)
    is distinct from (s.content_hash, s.row_count, s.movement_count)`;

/** The functions that write and read seals, by the SHA-256 of their source (0013_ledger_seal.sql). */
const SEALING_FUNCTIONS = `values
  ('ledger_seal_lines', '64e099d1d4c99eebd70241b13b5ecf4777d45ef7d31bafa1efe7379285e9a940'),
  ('ledger_seal_digest', '0d759ed06bef6a25e6e7ff3328e5123ab66fcd793a2b54eb32e4e2bec9c1f0eb'),
  ('ledger_seal_line', '892dddc477c4238389bd78b4465bddf9e98f907cc5e8c5f22981eebca3a000a9'),
  ('ledger_writers_end', 'c586c6a05a83b752dc958c013bb98b78c1ec09016960659170bd65856469accf'),
  ('ledger_seal', 'ac88c7ec9b66b6a12a62d8fcfce635ca72fa358527283e6ce593877c8c2b0e58'),
  ('ledger_seal_newest', '76b262ea41ff01bc9a803427a0305410bb89df0eba27f36e8af4c499302b2fa6')`;

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
