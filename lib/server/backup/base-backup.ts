import fs from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { z } from "zod";
import { StartError } from "@/lib/start-error";

const NOTE = "backup.json";
const DATA = "data";
const PASSWORD = "password";

/** What is known of a base backup. */
export interface BaseBackup {
  directory: string;
  /** A copy of the cluster's files, to be made whole by the log. */
  dataDir: string;
  passwordFile: string;
  startedAt: Date;
  finishedAt: Date;
  /** The first segment of the log that it needs. */
  firstSegment: string;
}

const note = z.object({
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  firstSegment: z.string(),
});

// What a restored server makes anew, or must not find (PostgreSQL's manual, "Making a Base Backup Using the Low Level API").
const EMPTIED = new Set([
  "pg_wal",
  "pg_replslot",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
]);
const SKIPPED =
  /^(postmaster\.(pid|opts)|pg_internal\.init|pgsql_tmp.*|backup_label.*|recovery\.signal|standby\.signal)$/;

/**
 * Copies the running cluster at `dataDir` into `base`, while people work on it. It appears under its name only when it is
 * whole and its log is archived. Throws StartError when the server doesn't archive.
 */
export async function takeBaseBackup(
  ownerUrl: string,
  { dataDir, base }: { dataDir: string; base: string },
): Promise<BaseBackup> {
  // Begin and end belong to one session.
  const sql = postgres(ownerUrl, { max: 1, idle_timeout: 0, max_lifetime: null, onnotice: () => {} });
  const startedAt = new Date();
  const name = startedAt.toISOString().replaceAll(/[:.]/g, "-");
  const draft = path.join(base, `${name}.new`);
  try {
    const [mode] = await sql<{ on: boolean }[]>`select current_setting('archive_mode') = 'on' as on`;
    if (mode?.on !== true)
      throw new StartError("This server doesn't archive its log: start it with BACKUP_DIR.");
    fs.mkdirSync(draft, { recursive: true, mode: 0o700 });
    const [begun] = await sql<{ segment: string }[]>`
      select pg_walfile_name(pg_backup_start(${`cauris ${name}`}, fast => true)) as segment`;
    copyTree(dataDir, path.join(draft, DATA), 0);
    const [ended] = await sql<
      { labelfile: string }[]
    >`select labelfile from pg_backup_stop(wait_for_archive => true)`;
    if (begun === undefined || ended === undefined) throw new StartError("The base backup was not ended.");
    writeWhole(path.join(draft, DATA, "backup_label"), ended.labelfile);
    fs.copyFileSync(`${dataDir}.password`, path.join(draft, PASSWORD));
    fs.chmodSync(path.join(draft, PASSWORD), 0o600);
    const finishedAt = new Date();
    const known = { startedAt: startedAt.toISOString(), finishedAt: finishedAt.toISOString() };
    writeWhole(path.join(draft, NOTE), `${JSON.stringify({ ...known, firstSegment: begun.segment })}\n`);
    fs.renameSync(draft, path.join(base, name));
    return describe(path.join(base, name), { ...known, firstSegment: begun.segment });
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The whole base backups of `base`, the oldest first. */
export function listBaseBackups(base: string): BaseBackup[] {
  if (!fs.existsSync(base)) return [];
  return fs
    .readdirSync(base)
    .filter((name) => fs.existsSync(path.join(base, name, NOTE)) && !name.endsWith(".new"))
    .map((name) => {
      const directory = path.join(base, name);
      return describe(directory, note.parse(JSON.parse(fs.readFileSync(path.join(directory, NOTE), "utf8"))));
    })
    .sort((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime());
}

/** Removes all but the newest `keep` base backups, and the log that none of the kept ones needs. Answers what it removed. */
export function pruneBackups(
  places: { base: string; wal: string },
  keep: number,
): { bases: number; segments: number } {
  const backups = listBaseBackups(places.base);
  const old = backups.slice(0, Math.max(0, backups.length - keep));
  for (const { directory } of old) fs.rmSync(directory, { recursive: true, force: true });
  const first = backups[old.length]?.firstSegment;
  // Names of segments ascend within a timeline, and the timeline comes first in them.
  const isOld = (name: string) =>
    first !== undefined && /^[0-9A-F]{24}/.test(name) && name.slice(0, 24) < first;
  const segments = old.length === 0 ? [] : fs.readdirSync(places.wal).filter(isOld);
  for (const name of segments) fs.rmSync(path.join(places.wal, name), { force: true });
  return { bases: old.length, segments: segments.length };
}

function describe(directory: string, known: z.infer<typeof note>): BaseBackup {
  return {
    directory,
    dataDir: path.join(directory, DATA),
    passwordFile: path.join(directory, PASSWORD),
    startedAt: new Date(known.startedAt),
    finishedAt: new Date(known.finishedAt),
    firstSegment: known.firstSegment,
  };
}

/** Copies what PostgreSQL needs. Files may change or go while they are read: the log makes that whole. */
export function copyTree(from: string, to: string, depth: number): void {
  fs.mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (SKIPPED.test(entry.name)) continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    // pg_wal may be a link to another disk.
    if (depth === 0 && EMPTIED.has(entry.name)) fs.mkdirSync(target, { mode: 0o700 });
    else if (entry.isDirectory()) copyTree(source, target, depth + 1);
    else if (entry.isFile()) copyFile(source, target);
  }
}

function copyFile(source: string, target: string): void {
  try {
    fs.copyFileSync(source, target);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  sync(target);
}

function writeWhole(file: string, text: string): void {
  fs.writeFileSync(file, text, { mode: 0o600 });
  sync(file);
}

// Files that are only in the operating system's cache would be lost with the machine.
function sync(file: string): void {
  const handle = fs.openSync(file, "r+");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
