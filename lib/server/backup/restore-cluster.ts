import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { StartError } from "@/lib/start-error";
import { type RunningPostgres, startPostgres } from "../postgres";
import { explain } from "../postgres-failure";
import { type Account, placeFor, serverAccount } from "../postgres-place";
import { placesOf } from "./archive";
import { type BaseBackup, copyTree, listBaseBackups } from "./base-backup";

const RECOVERED_WITHIN_MS = 60 * 60_000;
const LOG_TAIL = 4_000;

export interface RestoreOrder {
  backupDir: string;
  /** Where the cluster is to be; it must not be there yet. */
  dataDir: string;
  /** The last moment to restore; everything that was archived when null. */
  to: Date | null;
  port?: number;
}

export interface Restored {
  backup: BaseBackup;
  server: RunningPostgres;
  /** When the newest transaction was committed that is there; null when the log held none after the base backup. */
  newest: Date | null;
}

/**
 * Puts the newest base backup from before `to` in place, lets PostgreSQL replay the archived log up to that moment, and answers
 * with the running server when it may be written to. Throws StartError when there is no such backup, when `dataDir`
 * is in use, or when the log doesn't reach.
 */
export async function restoreCluster(order: RestoreOrder): Promise<Restored> {
  const { backupDir, to, port } = order;
  const places = placesOf(path.resolve(backupDir));
  const backup = listBaseBackups(places.base).findLast(({ finishedAt }) => to === null || finishedAt <= to);
  if (backup === undefined)
    throw new StartError(`There is no base backup in ${places.base} from before that moment.`);
  const account = serverAccount();
  const dataDir = placeFor(order.dataDir, account);
  if (fs.existsSync(dataDir) && fs.readdirSync(dataDir).length > 0) {
    throw new StartError(`${dataDir} isn't empty: move it away, nothing of it is overwritten.`);
  }
  copyTree(backup.dataDir, dataDir, 0);
  // Left out of copies of a running cluster; of a backup it is what recovery begins with.
  fs.copyFileSync(path.join(backup.dataDir, "backup_label"), path.join(dataDir, "backup_label"));
  fs.copyFileSync(backup.passwordFile, `${dataDir}.password`);
  fs.chmodSync(`${dataDir}.password`, 0o600);
  fs.writeFileSync(path.join(dataDir, "recovery.signal"), "", { mode: 0o600 });
  if (account !== undefined) {
    giveTo(dataDir, account);
    fs.chownSync(`${dataDir}.password`, account.uid, account.gid);
  }
  const server = await startPostgres({
    dataDir: order.dataDir,
    settings: recoverySettings(places.wal, to),
    readyWithinMs: RECOVERED_WITHIN_MS,
    ...(port === undefined ? {} : { port }),
  });
  try {
    return { backup, server, newest: await untilWritable(server.url) };
  } catch (error) {
    await server.stop();
    // The server ends when the archived log doesn't reach that time, and its own log says so.
    const words = fs.readFileSync(`${dataDir}.log`, "utf8").slice(-LOG_TAIL);
    throw error instanceof StartError ? error : explain(words);
  }
}

function recoverySettings(wal: string, to: Date | null): Record<string, string> {
  return {
    restore_command: `cp "${wal}/%f" "%p"`,
    recovery_target_timeline: "latest",
    ...(to === null ? {} : { recovery_target_time: momentOf(to), recovery_target_action: "promote" }),
  };
}

/** As PostgreSQL wants it before it knows of time zones by name. */
function momentOf(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "+00");
}

async function untilWritable(ownerUrl: string): Promise<Date | null> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  const deadline = Date.now() + RECOVERED_WITHIN_MS;
  try {
    for (;;) {
      const [row] = await sql<{ recovering: boolean; newest: Date | null }[]>`
        select pg_is_in_recovery() as recovering, pg_last_xact_replay_timestamp() as newest`;
      if (row?.recovering === false) return row.newest;
      if (Date.now() > deadline) throw new StartError("The log was not replayed in time.");
      await wait(50);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function giveTo(directory: string, { uid, gid }: Account): void {
  fs.chownSync(directory, uid, gid);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) giveTo(file, { uid, gid });
    else fs.chownSync(file, uid, gid);
  }
}
