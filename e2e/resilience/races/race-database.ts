import postgres from "postgres";
import type { Database } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { openBenchDatabase } from "@/e2e/bench/bench-database";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import type { TestUser } from "@/e2e/support/people";
import { openSeveralDatabases, type SeveralDatabases } from "@/e2e/support/several-databases";
import { createSaver } from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { overrideProviders } from "@/lib/providers/registry";
import type { Context } from "@/lib/services/context";
import type { Random } from "../random";
import { violatedInvariants } from "../violated-invariants";
import { createRaceProviders, type RaceProviders } from "./providers";
import { dropSchemaLocks, unorderedLocks, VAULT_LOCK_LOG, withoutLocks } from "./without-locks";

/** Number of concurrent calls in a round. */
export const CALLERS = 30;

/** A database and what races in it need: the product's, or its copy without locks. */
export interface RaceDatabase {
  hasLocks: boolean;
  /** A pool for all callers. */
  db: Database;
  /** As the owner of the tables, to read the results of a race. */
  owner: postgres.Sql;
  providers: RaceProviders;
  /** Users with large balances, shared by all races. */
  people: readonly TestUser[];
  /** Which pool each caller uses: callers of one simulated process share one. Without locks each has its own. */
  spread(random: Random): (caller: number) => Database;
  /** As {@link spread}; in the copy all locks exist but are taken in random order. */
  spreadUnordered(random: Random): (caller: number) => Database;
  /** Number of deadlocks so far. */
  deadlocks(): Promise<number>;
  /** Every promise of the ledger that doesn't hold, as a sentence. */
  audit(): Promise<string[]>;
}

export interface RaceDatabases {
  product: RaceDatabase;
  withoutLocks: RaceDatabase;
  close(): Promise<void>;
}

const PEOPLE = 8;
const PLENTY = 1_000_000_000n;

/** Opens the migrated database and a copy of it without locks, on one server. */
export async function openRaceDatabases(): Promise<RaceDatabases> {
  const bench = await openBenchDatabase(undefined);
  const closers: (() => Promise<unknown>)[] = [bench.close];
  const close = async () => {
    overrideProviders(null);
    for (const closeOne of closers.reverse()) await closeOne();
  };
  try {
    configureVerbs(bench.appUrl);
    const providers = createRaceProviders();
    overrideProviders(providers.all);
    const copyUrl = await copyWithoutLocks(bench.ownerUrl);
    const opened = await Promise.all(
      [bench.ownerUrl, copyUrl].map((url) => openOne(url, providers, url === bench.ownerUrl)),
    );
    closers.push(...opened.map((one) => one.close));
    const [product, copy] = opened.map(({ database }) => database);
    return { product: product as RaceDatabase, withoutLocks: copy as RaceDatabase, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

/** Copies the database, which nobody may be connected to, and drops the locks of the copy. */
async function copyWithoutLocks(ownerUrl: string): Promise<string> {
  await asOwner(ownerUrl, (owner) => owner.unsafe(VAULT_LOCK_LOG));
  const url = new URL(ownerUrl);
  const name = url.pathname.slice(1);
  const copy = `${name}_without_locks`;
  url.pathname = "/postgres";
  await asOwner(url.href, (owner) => owner.unsafe(`create database ${copy} template ${name}`));
  url.pathname = `/${copy}`;
  await asOwner(url.href, (owner) => dropSchemaLocks(owner, copy));
  return url.href;
}

async function asOwner(url: string, work: (owner: postgres.Sql) => Promise<unknown>): Promise<void> {
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(owner);
  } finally {
    await owner.end({ timeout: 5 });
  }
}

async function openOne(ownerUrl: string, providers: RaceProviders, hasLocks: boolean) {
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  const pool = await openSeveralDatabases(applicationUrl(ownerUrl), {
    count: CALLERS,
    name: "cauris races",
    ...(hasLocks ? {} : { rewrite: withoutLocks }),
  });
  const [db] = pool.databases as [Database];
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => createSaver(db, PLENTY)));
  const unordered = hasLocks ? pool.databases : pool.databases.map(() => pool.rewritten(unorderedLocks));
  const database: RaceDatabase = {
    hasLocks,
    db,
    owner,
    providers,
    people,
    spread: (random) => assignDatabases(pool.databases, random, hasLocks),
    spreadUnordered: (random) => assignDatabases(unordered, random, hasLocks),
    deadlocks: () => countDeadlocks(pool, owner),
    audit: () => violatedInvariants(system({ db })),
  };
  const close = async () => {
    await pool.close();
    await owner.end({ timeout: 5 });
  };
  return { database, close };
}

const PROCESSES = [1, 3, CALLERS];

function assignDatabases(databases: readonly Database[], random: Random, hasLocks: boolean) {
  const drawn = random.pick(PROCESSES);
  const count = hasLocks ? drawn : CALLERS;
  return (caller: number) => databases[caller % count] as Database;
}

/** Connections report deadlocks with a delay: all are made to report now. */
async function countDeadlocks({ everywhere }: SeveralDatabases, owner: postgres.Sql): Promise<number> {
  await everywhere("select pg_stat_force_next_flush(), pg_sleep(0.005)");
  await owner`select pg_stat_clear_snapshot()`;
  const [row] = await owner<{ deadlocks: number }[]>`
    select deadlocks::int from pg_stat_database where datname = current_database()`;
  return row?.deadlocks ?? 0;
}

/** The context of a worker or of an operator at the command line. */
export function system({ db }: Pick<RaceDatabase, "db">): Context {
  return { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() };
}
