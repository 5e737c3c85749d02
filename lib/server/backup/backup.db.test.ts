import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningPostgres, startPostgres } from "../postgres";
import { placeFor } from "../postgres-place";
import { archiveSettings, prepareBackupDir } from "./archive";
import { listBaseBackups, pruneBackups, takeBaseBackup } from "./base-backup";
import { restoreCluster } from "./restore-cluster";

let home = "";
let dataDir = "";
let backupDir = "";
let server: RunningPostgres;
let sql: postgres.Sql;

const connect = (url: string) => postgres(url, { max: 1, onnotice: () => {} });

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-backup-"));
  fs.chmodSync(home, 0o755);
  dataDir = path.join(home, "postgres");
  backupDir = path.join(home, "backup");
  server = await startPostgres({ dataDir, settings: archiveSettings(prepareBackupDir(backupDir).wal) });
  sql = connect(server.url);
  await sql`create table sums (id int primary key)`;
  await sql`insert into sums values (1)`;
});
afterAll(async () => {
  await sql.end({ timeout: 5 });
  await server.stop();
  for (const place of [dataDir, path.join(home, "restored")]) {
    fs.rmSync(placeFor(place), { recursive: true, force: true });
  }
  fs.rmSync(home, { recursive: true, force: true });
});

/** Waits until everything that was committed is in the archive, as it is within a minute by itself. */
async function archive(): Promise<void> {
  const [row] = await sql<{ segment: string }[]>`select pg_walfile_name(pg_switch_wal()) as segment`;
  const file = path.join(backupDir, "wal", row?.segment ?? "");
  await expect.poll(() => fs.existsSync(file), { timeout: 20_000 }).toBe(true);
}

const restoreTo = (to: Date | null) =>
  restoreCluster({ backupDir, dataDir: path.join(home, "restored"), to });

async function rowsOf({ url }: { url: string }): Promise<number[]> {
  const other = connect(url);
  const rows = await other<{ id: number }[]>`select id from sums order by id`;
  await other.end();
  return rows.map(({ id }) => id);
}

async function leaveRestored(restored: RunningPostgres): Promise<void> {
  await restored.stop();
  fs.rmSync(restored.dataDir, { recursive: true, force: true });
}

describe("a backup", () => {
  it("restores to the end of the log, and to any moment after the base backup", {
    timeout: 120_000,
  }, async () => {
    await expect(restoreTo(null)).rejects.toThrow("no base backup");
    await takeBaseBackup(server.url, { dataDir: server.dataDir, base: path.join(backupDir, "base") });
    await sql`insert into sums values (2)`;
    await wait(50);
    const moment = new Date();
    await wait(50);
    await sql`insert into sums values (3)`;
    await archive();

    const whole = await restoreTo(null);
    expect(await rowsOf(whole.server)).toEqual([1, 2, 3]);
    await leaveRestored(whole.server);

    const then = await restoreTo(moment);
    expect(await rowsOf(then.server)).toEqual([1, 2]);
    // Nothing that is there is overwritten.
    await then.server.stop();
    await expect(restoreTo(moment)).rejects.toThrow("isn't empty");
    fs.rmSync(then.server.dataDir, { recursive: true, force: true });

    await expect(restoreTo(new Date(Date.now() + 60_000))).rejects.toThrow("log ends before that moment");
    fs.rmSync(placeFor(path.join(home, "restored")), { recursive: true, force: true });
  });

  it("is readable by its owner only", () => {
    for (const directory of ["base", "wal"]) {
      expect(fs.statSync(path.join(backupDir, directory)).mode & 0o077).toBe(0);
    }
    const [backup] = listBaseBackups(path.join(backupDir, "base"));
    expect(fs.statSync(backup?.passwordFile ?? "").mode & 0o077).toBe(0);
  });

  it("that was not finished counts for nothing, and old ones go with their log", {
    timeout: 60_000,
  }, async () => {
    const places = { base: path.join(backupDir, "base"), wal: path.join(backupDir, "wal") };
    fs.mkdirSync(path.join(places.base, "2026-01-01.new"));
    const before = listBaseBackups(places.base);
    const newest = await takeBaseBackup(server.url, { dataDir: server.dataDir, base: places.base });
    expect(listBaseBackups(places.base)).toHaveLength(before.length + 1);
    const removed = pruneBackups(places, 1);
    expect(removed.bases).toBe(before.length);
    expect(removed.segments).toBeGreaterThan(0);
    const left = fs.readdirSync(places.wal).filter((name) => /^[0-9A-F]{24}/.test(name));
    expect(left.every((name) => name.slice(0, 24) >= newest.firstSegment)).toBe(true);
  });

  it("isn't made of a server that doesn't archive", { timeout: 60_000 }, async () => {
    const other = await startPostgres({ dataDir: path.join(home, "other") });
    const made = takeBaseBackup(other.url, { dataDir: other.dataDir, base: path.join(home, "base") });
    await expect(made).rejects.toThrow("doesn't archive");
    await other.stop();
    fs.rmSync(other.dataDir, { recursive: true, force: true });
  });
});
