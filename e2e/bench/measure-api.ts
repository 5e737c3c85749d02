import { closeDatabase, openDatabase } from "@/db/client";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { type ApiCase, apiCases } from "./api-cases";
import { startApiDeployment } from "./api-deployment";
import { createHistory, measureHistory } from "./api-history";
import { type ApiPeople, createPeople } from "./api-people";
import { type ApiSample, formatApi, formatHistory } from "./api-report";
import { type BenchDatabase, describeConditions, openBenchDatabase } from "./bench-database";

const PEOPLE = 10_000;
const SENDERS = 200;
const WARM_UP_MS = 1_000;
// The others are about deposits and providers' books, which this database has none of.
const CHECKED_INVARIANTS = new Set([1, 2, 3, 4, 5, 9, 10, 11, 12]);

export interface ApiPlan {
  rounds: number;
  seconds: number;
  historyOperations: number;
}

export interface ApiRun {
  plan: ApiPlan;
  signal: AbortSignal;
  /** Called with each line of the report. */
  print(line: string): void;
}

/**
 * Measures the JSON API, which runs in another process on a database of its own, and the posting function, which runs in
 * this process. Prints its report as it goes. Answers false when the ledger breaks an invariant afterwards.
 */
export async function measureApi(databaseUrl: string | undefined, run: ApiRun): Promise<boolean> {
  const { plan } = run;
  const database = await openBenchDatabase(databaseUrl);
  configureVerbs(database.appUrl);
  const db = openDatabase(database.appUrl, { max: 4, name: "cauris bench" });
  try {
    for (const line of await describeConditions(database.owner)) run.print(line);
    const people = await createPeople(database.owner, db, { count: PEOPLE, senders: SENDERS });
    const deployment = await startApiDeployment(database.appUrl);
    try {
      run.print(
        `\nHTTP        ${PEOPLE} wallets, ${SENDERS} senders with an API key each; client, server and PostgreSQL are ` +
          `three processes; ${plan.rounds} rounds of ${plan.seconds} s in turn`,
      );
      const { samples, sent } = await runRounds(apiCases(deployment.url, db, people), run);
      for (const line of formatApi(samples)) run.print(line);
      const isRight = await verifyLedger(database, sent, run);
      await readHistory(database, deployment.url, people, run);
      return isRight;
    } finally {
      await deployment.stop();
    }
  } finally {
    await closeDatabase(db);
    await database.close();
  }
}

async function runRounds(
  cases: readonly ApiCase[],
  { plan, signal }: ApiRun,
): Promise<{ samples: ApiSample[]; sent: number }> {
  const samples: ApiSample[] = [];
  let sent = 0;
  for (let round = 0; round <= plan.rounds; round += 1) {
    const durationMs = round === 0 ? WARM_UP_MS : plan.seconds * 1_000;
    for (const { title, aim, isTransfer, run } of cases) {
      const result = await run(durationMs, signal);
      if (isTransfer) sent += result.count;
      if (round > 0) samples.push({ round, title, aim, ...result });
    }
  }
  return { samples, sent };
}

/** The figures count only if every answered transfer is in the database, and the ledger breaks no invariant. */
async function verifyLedger(database: BenchDatabase, sent: number, run: ApiRun): Promise<boolean> {
  const db = openDatabase(database.appUrl, { max: 2, name: "cauris bench" });
  try {
    const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
    const lines = (await auditLedger(context.db)).filter(({ invariant }) =>
      CHECKED_INVARIANTS.has(invariant),
    );
    const breaches = lines.reduce((sum, line) => sum + line.breaches, 0n);
    const [row] = await database.owner<{ count: string }[]>`
      select count(*) from operations where type = 'transfer'`;
    run.print(
      `Check       invariants 1–5, 9–12: ${breaches} breaches; ${sent} transfers answered, ${row?.count} in the database`,
    );
    return breaches === 0n && row?.count === String(sent);
  } finally {
    await closeDatabase(db);
  }
}

async function readHistory(
  { owner }: BenchDatabase,
  url: string,
  people: ApiPeople,
  run: ApiRun,
): Promise<void> {
  const { plan, signal } = run;
  await createHistory(owner, plan.historyOperations);
  const result = await measureHistory(owner, { url, people, durationMs: plan.seconds * 1_000, signal });
  for (const line of formatHistory(result)) run.print(line);
}
