import path from "node:path";
import { log } from "@/lib/log";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import type { Environment } from "./environment";
import { type ExpectedOperations, expectedOperations } from "./expected-operations";
import { generateHistory } from "./generate-history";
import { FAULTS, HistoryLog } from "./history-log";
import { createHttpClient, type HttpClient } from "./http-client";
import { resendWebhooks, resolveOpenOperations } from "./operator-actions";
import { checkHistory, readKeys } from "./oracle";
import { FEE_BASIS_POINTS } from "./payment-operations";
import { createPeople } from "./people";
import { type HistoryPlan, MANAGER } from "./plan";
import { runOperation, runOperations } from "./run-operations";
import { settleHistory } from "./settle";
import { openVaultPage } from "./vault-operations";

const SMOKE_HISTORIES = 3;
/** A new deployment after so many histories, since each audit reads the whole ledger. */
const HISTORIES_PER_DEPLOYMENT = 400;
/** How long the sandbox delays its late responses. */
const LATE_MS = 300;

/** Random histories of 16 concurrent clients; after each the ledger is audited and every response is checked. */
export const histories: Scenario = {
  name: "histories",
  promise: "every answer is true, every balance is what was acknowledged, after each random history",
  share: 5,
  run: async (plan) => await new Run(plan).all(),
};

/** A deployment and what its histories have moved so far. */
interface RunningDeployment {
  deployment: Deployment;
  app: HttpClient;
  sandbox: HttpClient;
  /** The expected balance of each clearing account. */
  clearingSums: Map<string, bigint>;
  histories: number;
}

/** Waits until every operation has ended. Returns what each reference must have become. */
async function settle(env: Environment): Promise<ExpectedOperations> {
  const { historyLog, people, deployment } = env;
  const expected = expectedOperations(historyLog, people, await readKeys(deployment, people));
  for (const open of await settleHistory(env, expected)) historyLog.violation(`never ended: ${open}`);
  return expected;
}

class Run {
  readonly result: ScenarioResult = { counts: {}, faults: {}, violations: [] };
  #running: RunningDeployment | null = null;
  #deployments = 0;
  readonly #auditsMs: number[] = [];

  constructor(readonly plan: ScenarioPlan) {
    this.result.faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
  }

  async all(): Promise<ScenarioResult> {
    const { plan, result } = this;
    const { level } = log;
    // Verbs run in this process as the operator; their log lines would be noise.
    log.level = "silent";
    try {
      for (const number of plan.cases({ least: plan.isSmoke ? SMOKE_HISTORIES : 1 })) {
        await this.#history(number, generateHistory(plan.random(number)));
        plan.progress(`histories: ${result.counts.histories}, ${result.violations.length} violations`);
      }
    } finally {
      log.level = level;
      await this.#leave();
    }
    const sorted = [...this.#auditsMs].sort((one, other) => one - other);
    this.#count("deployments", this.#deployments);
    this.#count("ms an audit at most", Math.round(sorted.at(-1) ?? 0));
    return result;
  }

  async #history(number: number, drawn: HistoryPlan): Promise<void> {
    const running = await this.#enter();
    const { deployment, app, sandbox, clearingSums } = running;
    const historyLog = new HistoryLog();
    const people = await createPeople(deployment, drawn.people);
    const env: Environment = { deployment, app, sandbox, people, historyLog };
    await this.#open(env, drawn);
    await runOperations(env, drawn.operations);
    // Ensures one use of the key after its revocation, whatever the workers' order.
    await runOperation(env, { kind: "balance", who: MANAGER, currency: "XOF", revokedInUse: true });
    const expected = await settle(env);
    await resendWebhooks(env, drawn.webhookResends);
    await resolveOpenOperations(env, expected);
    await checkHistory(env, await settle(env), clearingSums);
    const auditedAt = performance.now();
    for (const violation of await deployment.audit()) historyLog.violation(`audit: ${violation}`);
    this.#auditsMs.push(performance.now() - auditedAt);
    running.histories += 1;
    this.#keep(number, historyLog, drawn);
  }

  /** Funds everybody, and loads the saver's page before the operations begin. */
  async #open(env: Environment, { opening }: HistoryPlan): Promise<void> {
    await Promise.all(opening.deposits.map((deposit) => runOperation(env, deposit)));
    const funders = new Set([...env.historyLog.acknowledged.values()].map(({ reference }) => reference));
    const isCredited = async (): Promise<boolean> => {
      const [row] = await env.deployment.owner<
        { count: number }[]
      >`select count(*)::int as count from operations
        where reference = any (${[...funders]}) and state = 'succeeded'`;
      return row?.count === opening.deposits.length;
    };
    if (!(await env.deployment.settle(isCredited, 60_000)))
      env.historyLog.violation("the opening deposits weren't credited");
    await Promise.all(opening.lists.map((list) => runOperation(env, list)));
    await openVaultPage(env, opening.saving);
  }

  #keep(
    number: number,
    { violations, faults, requests, reads, transactionLists }: HistoryLog,
    drawn: HistoryPlan,
  ): void {
    for (const what of violations) this.result.violations.push({ case: number, what });
    for (const [fault, count] of faults) this.result.faults[fault] = (this.result.faults[fault] ?? 0) + count;
    this.#count("histories", 1);
    this.#count("wallets", drawn.people);
    this.#count("operations", drawn.operations.length);
    this.#count("requests", requests);
    this.#count("balances checked", reads.length);
    this.#count(
      "pages checked",
      transactionLists.reduce((sum, { pages }) => sum + pages.length, 0),
    );
  }

  #count(name: string, count: number): void {
    this.result.counts[name] = (this.result.counts[name] ?? 0) + count;
  }

  async #enter(): Promise<RunningDeployment> {
    if (this.#running && this.#running.histories >= HISTORIES_PER_DEPLOYMENT) await this.#leave();
    if (this.#running) return this.#running;
    this.#deployments += 1;
    const deployment = await startDeployment({
      home: path.join(this.plan.home, `deployment-${this.#deployments}`),
      pages: true,
      // No request is rate limited.
      env: { WITHDRAWAL_FEE_BASIS_POINTS: `${FEE_BASIS_POINTS}`, API_RATE_LIMIT_REFUSED: "10000000" },
      sandbox: { slowMs: LATE_MS },
    });
    const { url, sandbox } = deployment;
    this.#running = {
      deployment,
      app: createHttpClient(url),
      sandbox: createHttpClient(sandbox.url),
      clearingSums: new Map(),
      histories: 0,
    };
    return this.#running;
  }

  async #leave(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    running.app.close();
    running.sandbox.close();
    await running.deployment.stop();
  }
}
