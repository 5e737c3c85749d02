import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, describe, expect, test } from "vitest";
import { type RunningPostgres, startPostgres, stopLeftPostgres } from "./postgres";
import { placeFor } from "./postgres-place";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-pg-test-"));
fs.chmodSync(home, 0o755);
const dataDir = path.join(home, "cluster");

afterAll(async () => {
  await stopLeftPostgres(dataDir);
  fs.rmSync(home, { recursive: true, force: true });
});

async function ask<T>(server: RunningPostgres, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

describe("the bundled PostgreSQL", () => {
  test("is durable, survives kill -9 of itself, and is taken over when left behind", {
    timeout: 120_000,
  }, async () => {
    const first = await startPostgres({ dataDir });
    expect(first.reused).toBe(false);
    const settings = await ask(first, async (sql) => {
      await sql`create table kept (n int)`;
      await sql`insert into kept values (1)`;
      return sql<{ name: string; setting: string }[]>`
        select name, setting from pg_settings
        where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding', 'listen_addresses')`;
    });
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: "on",
      full_page_writes: "on",
      synchronous_commit: "on",
      server_encoding: "UTF8",
      listen_addresses: "127.0.0.1",
    });

    const same = await startPostgres({ dataDir });
    expect({ reused: same.reused, pid: same.pid }).toEqual({ reused: true, pid: first.pid });

    process.kill(first.pid, "SIGKILL");
    const second = await startPostgres({ dataDir });
    expect(second.reused).toBe(false);
    expect(await ask(second, (sql) => sql`select n from kept`)).toHaveLength(1);
    await second.stop();
    expect(second.isRunning()).toBe(false);
  });

  test("refuses a wrong password", { timeout: 60_000 }, async () => {
    const server = await startPostgres({ dataDir });
    const url = new URL(server.url);
    url.password = "wrong";
    await expect(ask({ ...server, url: url.href }, (sql) => sql`select 1`)).rejects.toMatchObject({
      code: "28P01",
    });
    await server.stop();
  });

  test("refuses data of another version and a directory of something else", async () => {
    const other = path.join(home, "other");
    fs.mkdirSync(other);
    fs.writeFileSync(path.join(other, "PG_VERSION"), "15\n");
    fs.writeFileSync(`${other}.password`, "x");
    await expect(startPostgres({ dataDir: other })).rejects.toThrow(/holds data of PostgreSQL 15/);
    const foreign = path.join(home, "foreign");
    fs.mkdirSync(foreign);
    fs.writeFileSync(path.join(foreign, "letter.txt"), "dear");
    await expect(startPostgres({ dataDir: foreign })).rejects.toThrow(/isn't empty/);
    expect(fs.readFileSync(path.join(foreign, "letter.txt"), "utf8")).toBe("dear");
  });

  test.runIf(process.getuid?.() === 0)("finds another place when root's own can't be reached", () => {
    const closed = path.join(home, "closed");
    fs.mkdirSync(closed, { mode: 0o700 });
    const place = placeFor(path.join(closed, "cluster"));
    expect(place).not.toContain(closed);
    expect(placeFor(path.join(closed, "cluster"))).toBe(place);
    fs.rmSync(path.dirname(place), { recursive: true });
  });
});
