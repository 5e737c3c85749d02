// `npm run backup`: a base backup of the bundled database into BACKUP_DIR, beside the one that `npm start` makes each day.
// Exits 1 when none was made.
import { placesOf } from "@/lib/server/backup/archive";
import { takeBaseBackup } from "@/lib/server/backup/base-backup";
import { serverSettings } from "@/lib/server/server-settings";
import { StartError } from "@/lib/start-error";
import { defineCommand } from "./command";
import { openDatabaseSource } from "./commands/database-source";
import { loadEnvFiles, runProgram } from "./run-program";

async function main(): Promise<number> {
  const settings = serverSettings();
  const { backupDir } = settings;
  if (backupDir === undefined) throw new StartError("Say where backups go: set BACKUP_DIR.");
  const source = await openDatabaseSource(settings);
  try {
    if (source.dataDir === undefined)
      throw new StartError("Only the bundled PostgreSQL is backed up by this.");
    const from = Date.now();
    const { directory } = await takeBaseBackup(source.url, {
      dataDir: source.dataDir,
      base: placesOf(backupDir).base,
    });
    console.log(`${directory}, in ${((Date.now() - from) / 1000).toFixed(1)} s`);
    return 0;
  } finally {
    await source.close();
  }
}

const backup = defineCommand({
  name: "backup",
  help: "Makes a base backup of the bundled database in BACKUP_DIR, while it runs.",
  run: (_target: null) => main(),
});

loadEnvFiles();
await runProgram(backup, { failureCode: 1 });
