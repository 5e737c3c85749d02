import fs from "node:fs";
import path from "node:path";
import { StartError } from "@/lib/start-error";
import { type Account, isReachable, serverAccount } from "../postgres-place";

/** A segment that isn't full is archived after this long: what a lost disk may take with it. */
const ARCHIVE_EVERY_SECONDS = 60;

/** The places in a backup directory. */
export interface BackupPlaces {
  /** Write-ahead log, as PostgreSQL archives it. */
  wal: string;
  /** One directory a base backup. */
  base: string;
}

export function placesOf(backupDir: string): BackupPlaces {
  return { wal: path.join(backupDir, "wal"), base: path.join(backupDir, "base") };
}

/**
 * Makes the directories where they are missing, so that PostgreSQL's own account can write its log. Throws StartError when it
 * can't, or where there is no shell to copy with.
 */
export function prepareBackupDir(
  backupDir: string,
  account: Account | undefined = serverAccount(),
): BackupPlaces {
  if (process.platform === "win32") {
    throw new StartError(
      "BACKUP_DIR isn't supported on Windows: use DATABASE_URL with a server that is backed up.",
    );
  }
  if (backupDir.includes('"') || backupDir.includes("%")) {
    throw new StartError("BACKUP_DIR must not contain quotation marks or percent signs.");
  }
  const places = placesOf(backupDir);
  try {
    // PostgreSQL's account has to walk through; what is inside is nobody else's to read.
    fs.mkdirSync(backupDir, { recursive: true, mode: 0o755 });
    for (const directory of [places.wal, places.base])
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (account !== undefined) fs.chownSync(places.wal, account.uid, account.gid);
  } catch {
    throw new StartError(`${backupDir} can't be written to: set BACKUP_DIR to a directory of your own.`);
  }
  if (account !== undefined && !isReachable(backupDir)) {
    throw new StartError(`PostgreSQL's account can't reach ${backupDir}: set BACKUP_DIR elsewhere.`);
  }
  return places;
}

/**
 * PostgreSQL's settings for archiving into `wal`. A segment is there whole or not at all; one that is there already
 * must be the same, for a crash may come before PostgreSQL notes its success (its manual, "Setting Up WAL Archiving").
 */
export function archiveSettings(wal: string): Record<string, string> {
  const copy = `cp "%p" "${wal}/%f.part" && mv "${wal}/%f.part" "${wal}/%f"`;
  return {
    archive_mode: "on",
    archive_command: `if test -f "${wal}/%f"; then cmp -s "%p" "${wal}/%f"; else ${copy}; fi`,
    archive_timeout: String(ARCHIVE_EVERY_SECONDS),
  };
}
