// `npm run restore -- [--to 2026-11-23T10:15:00Z]`: puts the database of DATA_DIR back from BACKUP_DIR, as it was at that moment or at
// the end of the archived log. The old one must have been moved away. Exits 1 when it wasn't restored or doesn't hold.
import path from "node:path";
import { log } from "@/lib/log";
import { restoreCluster } from "@/lib/server/backup/restore-cluster";
import { serverSettings } from "@/lib/server/server-settings";
import { StartError } from "@/lib/start-error";
import { defineCommand, optional, toInstant } from "./command";
import { secureRestored } from "./restored";
import { loadEnvFiles, runProgram } from "./run-program";

async function main(to: Date | null): Promise<number> {
  const { backupDir, dataDir } = serverSettings();
  if (backupDir === undefined) throw new StartError("Say where backups are: set BACKUP_DIR.");
  const from = Date.now();
  const { backup, server, newest } = await restoreCluster({
    backupDir,
    dataDir: path.join(dataDir, "postgres"),
    to,
  });
  try {
    console.log(
      `From the base backup of ${backup.finishedAt.toISOString()}, in ${((Date.now() - from) / 1000).toFixed(1)} s`,
    );
    console.log(`Newest transaction: ${newest?.toISOString() ?? "none after the base backup"}`);
    const broken = await secureRestored(
      server.url,
      `restored to ${to?.toISOString() ?? "the end of the log"}`,
    );
    for (const line of broken) console.log(`✗ ${line}`);
    if (broken.length > 0) return 1;
    console.log(
      "Every invariant of the ledger holds. Payouts are stopped: providers may have paid what isn't here any more.",
    );
    console.log(
      "Next: npm start, then npm run cauris -- reconcile, dead-letters, and when all is clear payouts resume.",
    );
    return 0;
  } finally {
    await server.stop();
  }
}

// Log lines of verbs would mix with the command's output.
log.level = "silent";
const restore = defineCommand({
  name: "restore",
  help: "Restores the database of DATA_DIR from BACKUP_DIR, as it was at --to or at the end of the archived log.",
  options: { to: optional("time", toInstant) },
  run: (_target: null, { to }) => main(to),
});

loadEnvFiles();
await runProgram(restore, { failureCode: 1 });
