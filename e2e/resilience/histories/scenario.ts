// Random histories of 16 concurrent clients: every kind of operation over HTTP and forms, with retries, disconnects and a
// provider that misbehaves. After each, every response must have been true at its moment, exactly the acknowledged
// operations must be stored, the provider's book must agree with them, and by the audit the ledger: balances, holds, clearing.
import postgres from "postgres";
import { Client } from "../crashes/client";
import { startDeployment } from "../deployment";
import { draw } from "../fuzzing/schema-arbitrary";
import { type Case, runCases } from "../run-cases";
import type { Scenario, ScenarioPlan } from "../scenario";
import { createPeople, type Environment } from "./environment";
import { FAULTS, HistoryLog } from "./history-log";
import { checkHistory } from "./oracle";
import { FEE_BASIS_POINTS, placeOrder, sendList } from "./orders";
import { HISTORY, type Operation } from "./plan";
import { readBalance, readLatestStatus, readTransactions } from "./reads";
import { readAtProvider, resendWebhooks, settleHistory } from "./settle";
import { loadVaultForms } from "./vault-forms";

const SMOKE_HISTORIES = 3;
/** How long the sandbox delays its late responses. */
const LATE_MS = 300;
const WORKERS = 16;

export const histories: Scenario = {
  name: "histories",
  promise: "every answer is true, every balance is what was acknowledged, after each random history",
  share: 5,
  run,
};

async function run(plan: ScenarioPlan) {
  const deployment = await startDeployment({
    ...{ home: plan.home, pages: true, sandbox: { slowMs: LATE_MS } },
    // No request is rate limited.
    env: { WITHDRAWAL_FEE_BASIS_POINTS: `${FEE_BASIS_POINTS}`, API_RATE_LIMIT_REFUSED: "10000000" },
  });
  const types = { bigint: postgres.BigInt };
  const sql = postgres(deployment.ownerUrl, { max: 4, onnotice: () => {}, types });
  const bounds = { least: plan.isSmoke ? SMOKE_HISTORIES : 1 };
  try {
    return await runCases(plan, { faults: FAULTS, ...bounds }, (one) => runHistory({ deployment, sql }, one));
  } finally {
    await sql.end({ timeout: 5 });
    await deployment.stop();
  }
}

async function runHistory(
  connections: Pick<Environment, "deployment" | "sql">,
  { random, tally }: Case,
): Promise<string[]> {
  const plan = draw(HISTORY, random);
  const { deployment } = connections;
  let retries = 0;
  const client = new Client(deployment.url, () => {
    retries += 1;
  });
  const historyLog = new HistoryLog();
  const people = await createPeople(deployment, plan.people, historyLog);
  const env: Environment = { ...connections, client, people, historyLog, forms: new Map() };
  await loadVaultForms(env);
  const left = plan.operations.values();
  const work = async () => {
    for (const operation of left) await runOperation(env, operation);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  await settleHistory(env);
  await resendWebhooks(env, plan.webhookResends);
  await settleHistory(env);
  const violations = await checkHistory(env);
  const refunded = (await readAtProvider(env)).filter(({ state }) => state === "refunded");
  client.close();
  const { faults, balanceReads, transactionLists, refusals } = historyLog;
  tally.count({
    ...{
      histories: 1,
      wallets: plan.people,
      operations: plan.operations.length,
      requests: client.counts.sent,
    },
    ...{ "balances checked": balanceReads.length },
    "pages checked": transactionLists.flatMap(({ pages }) => pages).length,
  });
  tally.fault("refused for insufficient funds", refusals.length);
  tally.fault("ambiguous requests", client.counts.ambiguous);
  tally.fault("requests retried", retries);
  tally.fault("keys replayed", faults.replayed);
  tally.fault("keys refused for another body", faults.misused);
  tally.fault("payouts refunded", refunded.length);
  tally.fault("payouts reversed", refunded.filter(({ entry }) => entry?.state === "reversed").length);
  return [...client.violations, ...violations];
}

/** Runs one operation until its outcome is definite. */
async function runOperation(env: Environment, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "list":
      return await sendList(env, operation);
    case "balance":
      return await readBalance(env, operation.who, operation.currency);
    case "transactions":
      return await readTransactions(env, operation.who, operation.limit);
    case "status":
      return await readLatestStatus(env, operation.who);
    default:
      return await placeOrder(env, operation);
  }
}
