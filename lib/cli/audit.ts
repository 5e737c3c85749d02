// `npm run audit`: proves the ledger's invariants on a live database; `-- --full` hashes all that is sealed again. Exits 1 on a breach, 2 when it couldn't run.
import fs from "node:fs";
import { parseArgs } from "node:util";
import { closeDatabase, openDatabase } from "@/db/client";
import { newKey } from "@/lib/ids";
import { serverSettings } from "@/lib/server/server-settings";
import { reportAudit } from "./commands/audit-report";
import { openDatabaseSource } from "./commands/database-source";
import { explainProblem } from "./explain-problem";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { full: { type: "boolean", default: false } } });
  const source = await openDatabaseSource(serverSettings());
  // A server that was started for this must not stay behind.
  const giveUp = () => void source.close().finally(() => process.exit(2));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, giveUp);
  const db = openDatabase(source.url, { max: 2, name: "cauris audit" });
  try {
    console.log(`Auditing ${source.description}`);
    const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
    return await reportAudit({ context, print: console.log }, { isFull: values.full });
  } finally {
    await closeDatabase(db);
    await source.close();
  }
}

for (const file of [".env.local", ".env"]) if (fs.existsSync(file)) process.loadEnvFile(file);
try {
  process.exitCode = await main();
} catch (error) {
  console.error(`✗ ${explainProblem(error)}`);
  process.exitCode = 2;
}
