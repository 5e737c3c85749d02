import { setTimeout as wait } from "node:timers/promises";
import { placesOf } from "./archive";
import { listBaseBackups, pruneBackups, takeBaseBackup } from "./base-backup";

const DAY_MS = 24 * 60 * 60_000;
const LOOK_EVERY_MS = 10 * 60_000;

/** Base backups that are kept; the log since the oldest of them is kept too. */
const BACKUPS_KEPT = 7;

export interface Keeping {
  ownerUrl: string;
  dataDir: string;
  backupDir: string;
  signal: AbortSignal;
  /** Called when one couldn't be made; the next is tried ten minutes later. */
  onProblem(error: unknown): void;
}

/** Makes a base backup a day, and removes what is older than the last {@link BACKUPS_KEPT}. Ends when `signal` aborts. */
export async function keepBackups({
  ownerUrl,
  dataDir,
  backupDir,
  signal,
  onProblem,
}: Keeping): Promise<void> {
  const places = placesOf(backupDir);
  while (!signal.aborted) {
    try {
      const newest = listBaseBackups(places.base).at(-1);
      if (newest === undefined || Date.now() - newest.startedAt.getTime() >= DAY_MS) {
        await takeBaseBackup(ownerUrl, { dataDir, base: places.base });
        pruneBackups(places, BACKUPS_KEPT);
      }
    } catch (error) {
      onProblem(error);
    }
    await wait(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
