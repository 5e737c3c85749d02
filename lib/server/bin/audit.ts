// `npm run audit`: proves the ledger's invariants on a live database. Exits 1 on a breach, 2 when it couldn't run.
import fs from "node:fs";
import path from "node:path";
import { closeDatabase, openDatabase } from "@/db/client";
import { newKey } from "@/lib/ids";
import { type AuditLine, auditLedger } from "@/lib/services/audit/audit-ledger";
import { explainProblem } from "../bench/problem";
import { startPostgres } from "../postgres";
import { placeFor } from "../postgres-place";
import { type ServerSettings, serverSettings } from "../server.env";
import { StartError } from "../start-error";

// The longest promise of today; a longer one only shifts its own line.
const PROMISE_WIDTH = 78;

interface Source {
  url: string;
  /** Said before the first check. */
  description: string;
  close(): Promise<void>;
}

/** DATABASE_URL's database as it is, or the one of DATA_DIR, whose server is started for the while when it isn't running. */
async function openSource({ databaseUrl, dataDir }: ServerSettings): Promise<Source> {
  if (databaseUrl !== undefined) {
    const url = new URL(databaseUrl);
    return { url: databaseUrl, description: `${url.host}${url.pathname}`, close: async () => {} };
  }
  const cluster = path.join(dataDir, "postgres");
  // The directory first: looking for the cluster's place would make it.
  if (!fs.existsSync(dataDir) || !fs.existsSync(path.join(placeFor(cluster), "PG_VERSION"))) {
    throw new StartError(`There is no data in ${dataDir} yet: run npm start once, or set DATABASE_URL.`);
  }
  const server = await startPostgres({ dataDir: cluster });
  const description = `${server.dataDir}${server.reused ? ", which is running" : ""}`;
  return { url: server.url, description, close: server.reused ? async () => {} : server.stop };
}

function formatLine({ invariant, promise, breaches, elapsedMs }: AuditLine, width: number): string {
  const found = `${breaches} ${breaches === 1n ? "breach" : "breaches"}`;
  const sign = breaches === 0n ? " " : "✗";
  return `${sign} invariant ${String(invariant).padStart(2)}  ${promise.padEnd(width)}  ${found.padStart(12)}  ${elapsedMs.toFixed(0).padStart(7)} ms`;
}

async function main(): Promise<number> {
  const source = await openSource(serverSettings());
  // A server that was started for this must not stay behind.
  const giveUp = () => void source.close().finally(() => process.exit(2));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, giveUp);
  const db = openDatabase(source.url, { max: 2, name: "cauris audit" });
  try {
    console.log(`Auditing ${source.description}`);
    const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
    const lines = await auditLedger(context, (line) => console.log(formatLine(line, PROMISE_WIDTH)));
    const breaches = lines.reduce((sum, line) => sum + line.breaches, 0n);
    const seconds = (lines.reduce((sum, line) => sum + line.elapsedMs, 0) / 1000).toFixed(1);
    console.log(
      breaches === 0n
        ? `All ${lines.length} checks hold, in ${seconds} s.`
        : `${breaches} ${breaches === 1n ? "breach" : "breaches"} in ${lines.filter((line) => line.breaches !== 0n).length} of ${lines.length} checks, in ${seconds} s.`,
    );
    return breaches === 0n ? 0 : 1;
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
