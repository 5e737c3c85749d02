import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { newKey } from "@/lib/ids";
import { OUTSIDE_TRANSACTION, ReplacedMigrationsError, runMigrations } from "./run-migrations";

let home = "";
let owner: postgres.Sql;
let other: postgres.Sql;

/** A database of this file's own, so that its migrations table is too. */
beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-migrations-"));
  const name = `cauris_test_migrations_${newKey().replaceAll("-", "")}`;
  const server = postgres(inject("templateUrl"), { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name}`);
  await server.end();
  const url = new URL(inject("templateUrl"));
  url.pathname = `/${name}`;
  owner = postgres(url.href, { max: 1, onnotice: () => {} });
  other = postgres(url.href, { max: 4, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await other.end();
  fs.rmSync(home, { recursive: true, force: true });
});

let folder = "";
let count = 0;

beforeEach(async () => {
  count += 1;
  folder = path.join(home, String(count));
  fs.mkdirSync(path.join(folder, "meta"), { recursive: true });
  await owner`drop schema if exists drizzle cascade`;
  await owner`drop table if exists sums`;
  await owner`create table sums as select position as id, 0 as amount from generate_series(1, 20000) as position`;
});

function write(...migrations: string[]): void {
  writeFrom(1, ...migrations);
}

/** Writes migrations that were made at `firstAt` and in the milliseconds after it. */
function writeFrom(firstAt: number, ...migrations: string[]): void {
  const entries = migrations.map((text, index) => {
    fs.writeFileSync(path.join(folder, `${index}.sql`), text);
    return { idx: index, version: "7", when: firstAt + index, tag: String(index), breakpoints: true };
  });
  fs.writeFileSync(path.join(folder, "meta", "_journal.json"), JSON.stringify({ entries }));
}

const applied = async () => {
  const rows = await other<
    { at: string }[]
  >`select created_at as at from drizzle.__drizzle_migrations order by id`;
  return rows.map(({ at }) => Number(at));
};

/** Somebody's long transaction, which reads the table and stays; resolves when it has begun. */
async function holdTable(): Promise<{ letGo(): Promise<void> }> {
  const holder = await other.reserve();
  await holder`begin`;
  await holder`select count(*) from sums`;
  return {
    letGo: async () => {
      await holder`commit`;
      holder.release();
    },
  };
}

describe("migrations", () => {
  it("run once each, in their order, and go on after the one that failed", async () => {
    write("create table if not exists a (id int)", "select 1 / 0", "drop table a");
    await expect(runMigrations(owner, { folder })).rejects.toThrow("division by zero");
    expect(await applied()).toEqual([1]);
    write("create table a (id int)", "alter table a add column b int", "drop table a");
    await runMigrations(owner, { folder });
    await runMigrations(owner, { folder });
    expect(await applied()).toEqual([1, 2, 3]);
  });

  it("refuse a database older than the baseline, say what to do, and change nothing", async () => {
    write("create table if not exists a (id int)", "drop table a");
    await runMigrations(owner, { folder });
    writeFrom(10, "create table b (id int)");
    const refused = runMigrations(owner, { folder });
    await expect(refused).rejects.toThrow(ReplacedMigrationsError);
    await expect(refused).rejects.toThrow(
      /start with an empty database, by another DATA_DIR or another DATABASE_URL/,
    );
    expect(await applied()).toEqual([1, 2]);
    const [row] = await owner`select to_regclass('b') is null as unmade`;
    expect(row?.unmade).toBe(true);
  });

  it("ignore migrations that a newer version has run", async () => {
    write("create table if not exists a (id int)", "drop table a");
    await runMigrations(owner, { folder });
    write("create table if not exists a (id int)");
    await runMigrations(owner, { folder });
    expect(await applied()).toEqual([1, 2]);
  });

  it("roll back one that failed in the middle", async () => {
    write("create table half (id int);--> statement-breakpoint\nselect 1 / 0");
    await expect(runMigrations(owner, { folder })).rejects.toThrow("division by zero");
    const [row] = await owner`select to_regclass('half') is null as gone`;
    expect(row?.gone).toBe(true);
  });

  it("that need an exclusive lock don't keep writers queueing behind them, and finish when the table is free", async () => {
    write("alter table sums add column note text");
    const holder = await holdTable();
    const migrating = runMigrations(owner, { folder, lockTimeoutMs: 100 });
    const waits: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const from = performance.now();
      await other`update sums set amount = amount + 1 where id = ${round + 1}`;
      waits.push(performance.now() - from);
      await wait(50);
    }
    expect(await applied()).toEqual([]);
    // Twenty writes in the time of two tries: none had to wait for the holder, who is still there.
    expect(waits).toHaveLength(20);
    await holder.letGo();
    await migrating;
    expect(await applied()).toEqual([1]);
  });

  it("give up when the lock is never free, and change nothing", async () => {
    write("alter table sums add column note text");
    const holder = await holdTable();
    await expect(runMigrations(owner, { folder, lockTimeoutMs: 50, attemptsMax: 2 })).rejects.toThrow(
      "lock timeout",
    );
    await holder.letGo();
    expect(await applied()).toEqual([]);
  });

  it("create an index concurrently with writes", async () => {
    write(
      `${OUTSIDE_TRANSACTION}\ndrop index concurrently if exists sums_amount;\n--> statement-breakpoint\ncreate index concurrently sums_amount on sums (amount);`,
    );
    const stop = new AbortController();
    let writes = 0;
    const writing = (async () => {
      while (!stop.signal.aborted) {
        await other`update sums set amount = amount + 1 where id = ${(writes % 100) + 1}`;
        writes += 1;
      }
    })();
    await runMigrations(owner, { folder });
    stop.abort();
    await writing;
    const [index] = await owner`select indisvalid from pg_index where indexrelid = 'sums_amount'::regclass`;
    expect(index?.indisvalid).toBe(true);
    expect(writes).toBeGreaterThan(0);
    expect(await applied()).toEqual([1]);
  });
});
