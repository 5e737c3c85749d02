// `npm run backup`: a base backup of the bundled database into BACKUP_DIR, now, while it runs. Beside the one that
// `npm start` makes each day. Exits 1 when none was made.
import fs from "node:fs";
import { placesOf } from "@/lib/server/backup/archive";
import { takeBaseBackup } from "@/lib/server/backup/base-backup";
import { serverSettings } from "@/lib/server/server-settings";
import { StartError } from "@/lib/start-error";
import { openDatabaseSource } from "./commands/database-source";
import { explainProblem } from "./explain-problem";

async function main(): Promise<void> {
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
  } finally {
    await source.close();
  }
}

for (const file of [".env.local", ".env"]) if (fs.existsSync(file)) process.loadEnvFile(file);
try {
  await main();
} catch (error) {
  console.error(`✗ ${explainProblem(error)}`);
  process.exitCode = 1;
}
