// `npm run bench`: postings per second through the ledger's own functions, each compared with its limit (see limit.ts);
// then the JSON API, compared with the posting function; then the due dates of tontines. `-- --quick` is shorter and leaves tontines out;
// `-- --only ledger`, `--only http` or `--only tontines` runs one part.
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { defineCommand, flag, oneOf, optional } from "@/lib/cli/command";
import { runProgram } from "@/lib/cli/run-program";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { serverSettings } from "@/lib/server/server-settings";
import { type BenchDatabase, describeConditions, openBenchDatabase } from "./bench-database";
import { createLimit, driveFromNode, drivePgbench, findPgbench, type LimitDriver } from "./limit";
import { type ApiPlan, measureApi } from "./measure-api";
import { measureTontines } from "./measure-tontines";
import { createWallets, type PostingCase, postingCases } from "./product";
import { formatHotBesideUniform, formatReport, type Sample } from "./report";
import { type Load, runCallers } from "./run-callers";

const WALLETS = 10_000;
const WARM_UP_MS = 1_000;
const LOADS: readonly Load[] = ["uniform", "hot"];

interface Bench {
  plan: ApiPlan;
  cases: PostingCase[];
  limit: LimitDriver;
  signal: AbortSignal;
  /** How many entries were acknowledged as posted. */
  acknowledged: number;
}

const PARTS = ["ledger", "http", "tontines"] as const;

interface BenchOptions {
  quick: boolean;
  only: (typeof PARTS)[number] | null;
}

async function main({ quick, only }: BenchOptions): Promise<number> {
  const plan: ApiPlan = quick
    ? { rounds: 1, seconds: 1, historyOperations: 100_000 }
    : { rounds: 3, seconds: 2, historyOperations: 1_000_000 };
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new Error("Stopped.")));
  }
  console.log("Preparing a database of its own…");
  const { databaseUrl } = serverSettings();
  const { signal } = stop;
  const run = { signal, print: console.log };
  const parts = only === null ? PARTS.filter((part) => part !== "tontines" || !quick) : [only];
  const ledger = parts.includes("ledger") ? await measureLedger(databaseUrl, plan, signal) : 0;
  const isApiRight = !parts.includes("http") || (await measureApi(databaseUrl, { plan, ...run }));
  const areTontinesRight = !parts.includes("tontines") || (await measureTontines(databaseUrl, run));
  return isApiRight && areTontinesRight ? ledger : 1;
}

async function measureLedger(
  databaseUrl: string | undefined,
  plan: ApiPlan,
  signal: AbortSignal,
): Promise<number> {
  const database = await openBenchDatabase(databaseUrl);
  const db = openDatabase(database.appUrl, { max: 16, name: "cauris bench" });
  try {
    return await measure(database, db, plan, signal);
  } finally {
    await closeDatabase(db);
    await database.close();
  }
}

async function measure(
  database: BenchDatabase,
  db: Database,
  plan: ApiPlan,
  signal: AbortSignal,
): Promise<number> {
  const wallets = await createWallets(db, WALLETS);
  await createLimit(database.owner, WALLETS);
  const pgbench = findPgbench();
  const limit = pgbench ? drivePgbench(pgbench, database.ownerUrl) : driveFromNode(database.ownerUrl);
  for (const line of await describeConditions(database.owner)) console.log(line);
  if (pgbench === undefined) {
    console.log("Limit       driven from Node: there is no pgbench here (Debian, Ubuntu: apt-get install");
    console.log(
      "            postgresql-contrib; macOS: brew install postgresql). Its figures are lower than pgbench's.",
    );
  }
  console.log(
    `Run         ${WALLETS} wallets, ${plan.rounds} rounds of ${plan.seconds} s, limit and product in turn`,
  );
  const bench: Bench = {
    plan,
    cases: postingCases(db, wallets),
    limit,
    signal,
    acknowledged: wallets.length,
  };
  for (const { callers, call } of bench.cases) {
    const warmed = await runCallers({ callers, durationMs: WARM_UP_MS / 4, signal }, () => call("uniform"));
    bench.acknowledged += warmed.count;
  }
  const samples: Sample[] = [];
  for (let round = 0; round < plan.rounds; round += 1) samples.push(...(await runRound(bench, round)));
  for (const line of formatReport(samples, pgbench ? "limit" : "Node limit")) console.log(line);
  const lists = bench.cases.at(-1);
  if (lists) console.log(`\n${formatHotBesideUniform(samples, lists.title)}`);
  return await verifyLedger(database, db, bench.acknowledged);
}

/** Each case and its limit, measured once; which of them goes first changes from round to round. */
async function runRound(bench: Bench, round: number): Promise<Sample[]> {
  const { plan, signal, limit } = bench;
  const samples: Sample[] = [];
  for (const load of LOADS) {
    for (const { title, aim, callers, limitClients, call } of bench.cases) {
      const { seconds } = plan;
      const runLimit = () => limit({ load, wallets: WALLETS, clients: limitClients, seconds, signal });
      const runProduct = () => runCallers({ callers, durationMs: seconds * 1000, signal }, () => call(load));
      const before = round % 2 === 0 ? await runLimit() : null;
      const product = await runProduct();
      bench.acknowledged += product.count;
      const { perSecond, nodeCores } = product;
      samples.push({ load, title, aim, product: perSecond, limit: before ?? (await runLimit()), nodeCores });
    }
  }
  return samples;
}

/** The figures count only if the ledger holds invariants 1 to 5 afterwards, and every acknowledged entry. */
async function verifyLedger(database: BenchDatabase, db: Database, acknowledged: number): Promise<number> {
  const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
  // The other invariants are about operations, of which this database has none.
  const lines = (await auditLedger(context.db)).filter(({ invariant }) => invariant <= 5);
  const breaches = lines.reduce((sum, line) => sum + line.breaches, 0n);
  const [row] = await database.owner<{ count: string }[]>`select count(*) from ledger_entries`;
  const isComplete = row?.count === String(acknowledged);
  console.log(
    `Check       invariants 1–5: ${breaches} breaches; ${acknowledged} entries acknowledged, ${row?.count} in the ledger`,
  );
  return breaches === 0n && isComplete ? 0 : 1;
}

const bench = defineCommand({
  name: "bench",
  help: "Postings per second beside their limit, transfers over HTTP beside the posting function, and due dates of tontines.",
  options: { quick: flag, only: optional(PARTS.join("|"), oneOf(...PARTS)) },
  run: (_target: null, options) => main(options),
});

await runProgram(bench, { failureCode: 2 });
