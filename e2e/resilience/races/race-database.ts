import postgres from "postgres";
import type { Database } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { openBenchDatabase } from "@/e2e/bench/bench-database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { openSeveralDatabases, type SeveralDatabases } from "@/e2e/support/several-databases";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { configureVerbs } from "../configure-verbs";
import type { Random } from "../random";
import { system } from "./books";
import { createRaceProviders, type RaceProviders } from "./providers";
import { CALLERS } from "./round";
import { inNoOrder, takeSchemaLocks, WITNESS, withoutLocks } from "./without-locks";

/** A database, and what races in it need: the product's own, or its twin whose locks were taken away. */
export interface RaceDatabase {
  hasLocks: boolean;
  /** A connection for everybody who races. */
  db: Database;
  /** As the owner of the tables: what came of a race is counted with it. */
  owner: postgres.Sql;
  providers: RaceProviders;
  /** People with plenty of francs, who may meet in any race. */
  people: readonly TestUser[];
  /** Which database each caller uses: those of one process share it. Without locks all are processes of their own. */
  spread(random: Random): (caller: number) => Database;
  /** As {@link spread}; where locks were taken away they are all there, but taken in no order. */
  spreadInNoOrder(random: Random): (caller: number) => Database;
  /** Deadlocks that this database has seen. */
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

/** One server with the migrated database, and a copy of it whose locks were taken away. */
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
      [bench.ownerUrl, copyUrl].map((url) => openDeployment(url, providers, url === bench.ownerUrl)),
    );
    closers.push(...opened.map((one) => one.close));
    const [product, copy] = opened.map(({ deployment }) => deployment);
    return { product: product as RaceDatabase, withoutLocks: copy as RaceDatabase, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

/** Nobody is connected to the first one while it is copied. */
async function copyWithoutLocks(ownerUrl: string): Promise<string> {
  await asOwner(ownerUrl, (owner) => owner.unsafe(WITNESS));
  const url = new URL(ownerUrl);
  const name = url.pathname.slice(1);
  const copy = `${name}_without_locks`;
  url.pathname = "/postgres";
  await asOwner(url.href, (owner) => owner.unsafe(`create database ${copy} template ${name}`));
  url.pathname = `/${copy}`;
  await asOwner(url.href, (owner) => takeSchemaLocks(owner, copy));
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

async function openDeployment(ownerUrl: string, providers: RaceProviders, hasLocks: boolean) {
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  const pool = await openSeveralDatabases(applicationUrl(ownerUrl), {
    count: CALLERS,
    name: "cauris races",
    ...(hasLocks ? {} : { rewrite: withoutLocks }),
  });
  const [db] = pool.databases as [Database];
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => createSaver(db, PLENTY)));
  const crossed = hasLocks ? pool.databases : pool.databases.map(() => pool.rewritten(inNoOrder));
  const deployment: RaceDatabase = {
    hasLocks,
    db,
    owner,
    providers,
    people,
    spread: (random) => spreadOver(pool.databases, random, hasLocks),
    spreadInNoOrder: (random) => spreadOver(crossed, random, hasLocks),
    deadlocks: () => countDeadlocks(pool, owner),
    audit: () => audit(db),
  };
  const close = async () => {
    await pool.close();
    await owner.end({ timeout: 5 });
  };
  return { deployment, close };
}

/** Somebody with francs to spend. */
export async function createSaver(db: Database, francs: bigint): Promise<TestUser> {
  const user = await createUser(db);
  if (francs > 0n) await fundWallet(db, user.walletId, money(francs, "XOF"));
  return user;
}

const PROCESSES = [1, 3, CALLERS];

function spreadOver(databases: readonly Database[], random: Random, hasLocks: boolean) {
  const drawn = random.pick(PROCESSES);
  const count = hasLocks ? drawn : CALLERS;
  return (caller: number) => databases[caller % count] as Database;
}

/** Connections tell of them now and then: all are asked to, now. */
async function countDeadlocks({ everywhere }: SeveralDatabases, owner: postgres.Sql): Promise<number> {
  await everywhere("select pg_stat_force_next_flush(), pg_sleep(0.005)");
  await owner`select pg_stat_clear_snapshot()`;
  const [row] = await owner<{ deadlocks: number }[]>`
    select deadlocks::int from pg_stat_database where datname = current_database()`;
  return row?.deadlocks ?? 0;
}

async function audit(db: Database): Promise<string[]> {
  const lines = await auditLedger(system({ db }));
  return lines
    .filter(({ breaches }) => breaches !== 0n)
    .map(({ invariant, promise, breaches }) => `invariant ${invariant}, ${promise}: ${breaches} breaches`);
}
