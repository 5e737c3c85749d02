// `npm run audit`: checks the ledger's invariants on a live database. Exits 1 on a breach, 2 when it couldn't run.
import { closeDatabase, openDatabase } from "@/db/client";
import { newKey } from "@/lib/ids";
import { serverSettings } from "@/lib/server/server-settings";
import { defineCommand, flag } from "./command";
import { reportAudit } from "./commands/audit-report";
import { openDatabaseSource } from "./commands/database-source";
import { loadEnvFiles, runProgram } from "./run-program";

async function main(isFull: boolean): Promise<number> {
  const source = await openDatabaseSource(serverSettings());
  // A server that was started for this must not stay behind.
  const giveUp = () => void source.close().finally(() => process.exit(2));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, giveUp);
  const db = openDatabase(source.url, { max: 2, name: "cauris audit" });
  try {
    console.log(`Auditing ${source.description}`);
    const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
    return await reportAudit({ context, print: console.log }, { isFull });
  } finally {
    await closeDatabase(db);
    await source.close();
  }
}

const audit = defineCommand({
  name: "audit",
  help: "Checks the ledger's invariants on a live database. With --full, hashes all that is sealed again.",
  options: { full: flag },
  run: (_target: null, { full }) => main(full),
});

loadEnvFiles();
await runProgram(audit, { failureCode: 2 });
