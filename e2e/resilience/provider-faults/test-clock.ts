import type postgres from "postgres";

/** A clock that only goes forward, and that process and database read alike. */
export interface ProofClock {
  now(): Date;
  advance(ms: number): Promise<void>;
}

const COLUMNS_THAT_TELL_TIME = `
  select format('alter table %s alter column %I set default proof.%s', d.adrelid::regclass, a.attname,
    pg_get_expr(d.adbin, d.adrelid)) as statement
  from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  join pg_class c on c.oid = d.adrelid
  where c.relnamespace = 'public'::regnamespace and pg_get_expr(d.adbin, d.adrelid) in ('now()', 'clock_timestamp()')`;

/**
 * Gives the database of a proof a clock of its own, ahead of the machine's by as much as was waited: `now()` and
 * `clock_timestamp()` of the application's connections mean it, and so do columns that date themselves. For connections that
 * are opened afterwards. Only a database that is thrown away may have it.
 */
export async function installClock(owner: postgres.Sql): Promise<ProofClock> {
  await owner.unsafe(`
    create schema proof;
    create table proof.clock (ahead interval not null);
    insert into proof.clock values ('0');
    create function proof.now() returns timestamptz language sql stable
      as 'select pg_catalog.now() + ahead from proof.clock';
    create function proof.clock_timestamp() returns timestamptz language sql volatile
      as 'select pg_catalog.clock_timestamp() + ahead from proof.clock';
    grant usage on schema proof to public;
    grant select on proof.clock to public;`);
  for (const { statement } of await owner.unsafe<{ statement: string }[]>(COLUMNS_THAT_TELL_TIME)) {
    await owner.unsafe(statement);
  }
  // pg_catalog comes first unless it is named.
  await owner.unsafe(`do $$ begin
    execute format('alter database %I set search_path = proof, public, pg_catalog', current_database());
  end $$`);
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance: async (ms) => {
      await owner`update proof.clock set ahead = ahead + ${ms} * interval '1 millisecond'`;
      aheadMs += ms;
    },
  };
}
