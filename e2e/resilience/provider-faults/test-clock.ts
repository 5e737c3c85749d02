import type postgres from "postgres";

/** A clock that only goes forward, shared by process and database. */
export interface TestClock {
  now(): Date;
  advance(ms: number): Promise<void>;
}

const TIME_COLUMN_DEFAULTS = `
  select format('alter table %s alter column %I set default test_clock.%s', d.adrelid::regclass, a.attname,
    pg_get_expr(d.adbin, d.adrelid)) as statement
  from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  join pg_class c on c.oid = d.adrelid
  where c.relnamespace::regnamespace::text in ('public', 'graphile_worker')
    and pg_get_expr(d.adbin, d.adrelid) in ('now()', 'clock_timestamp()')`;

/**
 * Replaces `now()` and `clock_timestamp()` by a clock that is ahead of the machine's: in statements of connections opened
 * afterwards, and in column defaults. Only for a database that is thrown away.
 */
export async function installTestClock(owner: postgres.Sql): Promise<TestClock> {
  await owner.unsafe(`
    create schema test_clock;
    create table test_clock.clock (ahead interval not null);
    insert into test_clock.clock values ('0');
    create function test_clock.now() returns timestamptz language sql stable
      as 'select pg_catalog.now() + ahead from test_clock.clock';
    create function test_clock.clock_timestamp() returns timestamptz language sql volatile
      as 'select pg_catalog.clock_timestamp() + ahead from test_clock.clock';
    grant usage on schema test_clock to public;
    grant select on test_clock.clock to public;`);
  for (const { statement } of await owner.unsafe<{ statement: string }[]>(TIME_COLUMN_DEFAULTS)) {
    await owner.unsafe(statement);
  }
  // pg_catalog is searched first unless it is listed.
  await owner.unsafe(`do $$ begin
    execute format('alter database %I set search_path = test_clock, public, pg_catalog', current_database());
  end $$`);
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance: async (ms) => {
      await owner`update test_clock.clock set ahead = ahead + ${ms} * interval '1 millisecond'`;
      aheadMs += ms;
    },
  };
}
