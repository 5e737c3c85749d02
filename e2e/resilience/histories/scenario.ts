import path from "node:path";
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
/** A new deployment after so many histories, since each audit reads the whole ledger. */
const HISTORIES_PER_DEPLOYMENT = 400;
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
  async run(plan) {
    const result: ScenarioResult = {
      counts: { deployments: 0 },
      faults: Object.fromEntries(FAULTS.map((fault) => [fault, 0])),
      violations: [],
    };
    const numbers = plan.cases({ least: plan.isSmoke ? SMOKE_HISTORIES : 1 })[Symbol.iterator]();
    while (await runOnDeployment(plan, numbers, result));
    return result;
  },
};

/** Runs the next histories on a new deployment; false when there are no more. */
async function runOnDeployment(
  plan: ScenarioPlan,
  numbers: Iterator<number>,
  result: ScenarioResult,
): Promise<boolean> {
  const started = add(result.counts, "deployments", 1);
  const deployment = await startDeployment({
    home: path.join(plan.home, `deployment-${started}`),
    pages: true,
    // No request is rate limited.
    env: { WITHDRAWAL_FEE_BASIS_POINTS: `${FEE_BASIS_POINTS}`, API_RATE_LIMIT_REFUSED: "10000000" },
    sandbox: { slowMs: LATE_MS },
  });
  const types = { bigint: postgres.BigInt };
  const sql = postgres(deployment.ownerUrl, { max: 4, onnotice: () => {}, types });
  try {
    for (let count = 0; count < HISTORIES_PER_DEPLOYMENT; count += 1) {
      const next = numbers.next();
      if (next.done === true) return false;
      const drawn = generateHistory(plan.random(next.value));
      keep(result, next.value, drawn, await runHistory({ deployment, sql }, drawn));
      plan.progress(`histories: ${result.counts.histories}, ${result.violations.length} violations`);
    }
    return true;
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
  add(result.counts, "histories", 1);
  add(result.counts, "wallets", drawn.people);
  add(result.counts, "operations", drawn.operations.length);
  add(result.counts, "requests", requests);
  add(result.counts, "balances checked", balanceReads.length);
  add(result.counts, "pages checked", transactionLists.flatMap(({ pages }) => pages).length);
}

function add(numbers: Record<string, number>, name: string, count: number): number {
  const sum = (numbers[name] ?? 0) + count;
  numbers[name] = sum;
  return sum;
}
