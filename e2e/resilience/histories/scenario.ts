import postgres from "postgres";
import { startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { createPeople, type Environment } from "./environment";
import { generateHistory } from "./generate-history";
import { FAULTS, HistoryLog } from "./history-log";
import { manageKeys } from "./keys";
import { resendWebhooks, resolveOpenOperations } from "./operator-actions";
import { checkHistory } from "./oracle";
import { FEE_BASIS_POINTS, placeOrder, sendList } from "./orders";
import { type HistoryPlan, MANAGER, type Operation } from "./plan";
import { readBalance, readLatestStatus, readTransactions } from "./reads";
import { settleHistory } from "./settle";
import { loadVaultForms, lockVault } from "./vault-forms";

const SMOKE_HISTORIES = 3;
/** How long the sandbox delays its late responses. */
const LATE_MS = 300;
const WORKERS = 16;
const FUNDED_WITHIN_MS = 60_000;

/**
 * Random histories of 16 concurrent clients: every kind of operation over HTTP and forms, with retries, disconnects and a
 * provider that misbehaves. After each, every response must have been true at its moment, exactly the acknowledged
 * operations must be stored, the provider's book must agree with them, and by the audit the ledger: balances, holds, clearing.
 */
export const histories: Scenario = {
  name: "histories",
  promise: "every answer is true, every balance is what was acknowledged, after each random history",
  share: 5,
  run,
};

async function run(plan: ScenarioPlan): Promise<ScenarioResult> {
  const faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
  const result: ScenarioResult = { counts: {}, faults, violations: [] };
  const deployment = await startDeployment({
    ...{ home: plan.home, pages: true, sandbox: { slowMs: LATE_MS } },
    // No request is rate limited.
    env: { WITHDRAWAL_FEE_BASIS_POINTS: `${FEE_BASIS_POINTS}`, API_RATE_LIMIT_REFUSED: "10000000" },
  });
  const types = { bigint: postgres.BigInt };
  const sql = postgres(deployment.ownerUrl, { max: 4, onnotice: () => {}, types });
  try {
    for (const number of plan.cases({ least: plan.isSmoke ? SMOKE_HISTORIES : 1 })) {
      const drawn = generateHistory(plan.random(number));
      keep(result, number, drawn, await runHistory({ deployment, sql }, drawn));
      plan.progress(`histories: ${result.counts.histories}, ${result.violations.length} violations`);
    }
    return result;
  } finally {
    await sql.end({ timeout: 5 });
    await deployment.stop();
  }
}

async function runHistory(
  connections: Pick<Environment, "deployment" | "sql">,
  drawn: HistoryPlan,
): Promise<HistoryLog> {
  const historyLog = new HistoryLog();
  const people = await createPeople(connections.deployment, drawn.people);
  const env: Environment = { ...connections, people, historyLog, forms: new Map() };
  await open(env, drawn);
  const left = drawn.operations.values();
  const work = async () => {
    for (const operation of left) await runOperation(env, operation);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  // Ensures one use of the key after its revocation, whatever the workers' order.
  await runOperation(env, { kind: "balance", who: MANAGER, currency: "XOF", usesRevokedKey: true });
  const expected = await settleHistory(env);
  await resendWebhooks(env, drawn.webhookResends);
  await resolveOpenOperations(env, expected);
  await checkHistory(env, await settleHistory(env));
  return historyLog;
}

/** Funds everybody, and loads the forms of the saver's vault before and after a first deposit into it. */
async function open(env: Environment, { opening }: HistoryPlan): Promise<void> {
  await Promise.all(opening.deposits.map((deposit) => runOperation(env, deposit)));
  const references = [...env.historyLog.acknowledged.keys()];
  const areCredited = async (): Promise<boolean> => {
    const [row] = await env.sql<{ count: number }[]>`select count(*)::int as count from operations
      where reference = any (${references}) and state = 'succeeded'`;
    return row?.count === opening.deposits.length;
  };
  if (!(await env.deployment.settle(areCredited, FUNDED_WITHIN_MS)))
    env.historyLog.violation("the opening deposits weren't credited");
  await Promise.all(opening.lists.map((list) => runOperation(env, list)));
  await loadVaultForms(env);
  await runOperation(env, opening.saving);
  await loadVaultForms(env);
}

/** Runs one operation until its outcome is definite. */
async function runOperation(env: Environment, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "list":
      return await sendList(env, operation);
    case "vault_lock":
      return await lockVault(env, operation.days);
    case "key":
      return await manageKeys(env, operation);
    case "balance":
      return await readBalance(env, operation);
    case "transactions":
      return await readTransactions(env, operation.who, operation.limit);
    case "status":
      return await readLatestStatus(env, operation.who);
    default:
      return await placeOrder(env, operation);
  }
}

/** Adds what a history found and counted to the result. */
function keep(result: ScenarioResult, number: number, drawn: HistoryPlan, historyLog: HistoryLog): void {
  const { violations, faults, requests, balanceReads, transactionLists } = historyLog;
  result.violations.push(...violations.map((what) => ({ case: number, what })));
  for (const [fault, count] of faults) add(result.faults, fault, count);
  const counts = {
    ...{ histories: 1, wallets: drawn.people, operations: drawn.operations.length, requests },
    "balances checked": balanceReads.length,
    "pages checked": transactionLists.flatMap(({ pages }) => pages).length,
  };
  for (const [name, count] of Object.entries(counts)) add(result.counts, name, count);
}

function add(numbers: Record<string, number>, name: string, count: number): void {
  numbers[name] = (numbers[name] ?? 0) + count;
}
