import path from "node:path";
import { log } from "@/lib/log";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { act, actAll, type Stage } from "./act";
import { FEE_BASIS_POINTS } from "./act-providers";
import { openVaultPage } from "./act-vaults";
import { type Client, createClient } from "./client";
import { drawHistory } from "./draw-history";
import { decideOpenOnes, repeatWebhooks } from "./final-state";
import { FAULTS, HistoryLog } from "./history-log";
import { judge, readKeys } from "./oracle";
import { createPeople } from "./people";
import { type HistoryPlan, MANAGER } from "./plan";
import { type Scenes, scenesOf } from "./scenes";
import { settleHistory } from "./settle";

const SLICE_LEAST = 3;
/** A deployment is left for a new one after so many histories: the audit reads the whole ledger each time. */
const HISTORIES_A_HOUSE = 400;
/** Longer than any answer of the sandbox's that comes late. */
const LATE_MS = 300;

/** Seeded histories of 16 callers at once, each audited and compared with what its callers were told. */
export const histories: Scenario = {
  name: "histories",
  promise: "every answer is true, every balance is what was acknowledged, after each random history",
  share: 5,
  run: async (plan) => await new Run(plan).all(),
};

/** One deployment and what its histories have moved so far. */
interface Venue {
  deployment: Deployment;
  app: Client;
  sandbox: Client;
  /** What has passed each clearing account. */
  sums: Map<string, bigint>;
  histories: number;
}

/** Waits for every end, and answers what each reference was meant to become. */
async function settle(stage: Stage): Promise<Scenes> {
  const { historyLog, people, deployment } = stage;
  const scenes = scenesOf(historyLog, people, await readKeys(deployment, people));
  for (const open of await settleHistory(stage, scenes)) historyLog.violation(`never ended: ${open}`);
  return scenes;
}

class Run {
  readonly result: ScenarioResult = { counts: {}, faults: {}, violations: [] };
  #venue: Venue | null = null;
  #deployments = 0;
  readonly #auditsMs: number[] = [];

  constructor(readonly plan: ScenarioPlan) {
    this.result.faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
  }

  async all(): Promise<ScenarioResult> {
    const { plan, result } = this;
    const { level } = log;
    // What the operator's verbs say in this process is no news here.
    log.level = "silent";
    try {
      for (const number of plan.cases({ least: plan.isSmoke ? SLICE_LEAST : 1 })) {
        await this.#history(number, drawHistory(plan.random(number)));
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
    const venue = await this.#enter();
    const { deployment, app, sandbox, sums } = venue;
    const historyLog = new HistoryLog();
    const people = await createPeople(deployment, drawn.people, `case-${number}-${venue.histories}`);
    const stage: Stage = { deployment, app, sandbox, people, historyLog };
    await this.#open(stage, drawn);
    await actAll(stage, drawn.operations);
    // So that the key was used after its revocation whatever the workers' order.
    await act(stage, { kind: "balance", who: MANAGER, currency: "XOF", contested: true });
    const scenes = await settle(stage);
    await repeatWebhooks(stage, drawn.repeats);
    await decideOpenOnes(stage, scenes);
    await judge(stage, await settle(stage), sums);
    const auditedAt = performance.now();
    for (const violation of await deployment.audit()) historyLog.violation(`audit: ${violation}`);
    this.#auditsMs.push(performance.now() - auditedAt);
    venue.histories += 1;
    this.#keep(number, historyLog, drawn);
  }

  /** Money for everybody, and the saver's page before anything happens. */
  async #open(stage: Stage, { opening }: HistoryPlan): Promise<void> {
    await Promise.all(opening.deposits.map((deposit) => act(stage, deposit)));
    const funders = new Set([...stage.historyLog.acknowledged.values()].map(({ reference }) => reference));
    const isCredited = async (): Promise<boolean> => {
      const [row] = await stage.deployment.owner<
        { count: number }[]
      >`select count(*)::int as count from operations
        where reference = any (${[...funders]}) and state = 'succeeded'`;
      return row?.count === opening.deposits.length;
    };
    if (!(await stage.deployment.settle(isCredited, 60_000)))
      stage.historyLog.violation("the opening deposits weren't credited");
    await Promise.all(opening.lists.map((list) => act(stage, list)));
    await openVaultPage(stage, opening.saving);
  }

  #keep(
    number: number,
    { violations, faults, requests, reads, walks }: HistoryLog,
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
      walks.reduce((sum, { pages }) => sum + pages.length, 0),
    );
  }

  #count(name: string, count: number): void {
    this.result.counts[name] = (this.result.counts[name] ?? 0) + count;
  }

  async #enter(): Promise<Venue> {
    if (this.#venue && this.#venue.histories >= HISTORIES_A_HOUSE) await this.#leave();
    if (this.#venue) return this.#venue;
    this.#deployments += 1;
    const deployment = await startDeployment({
      home: path.join(this.plan.home, `deployment-${this.#deployments}`),
      pages: true,
      // Nobody is told to slow down.
      env: { WITHDRAWAL_FEE_BASIS_POINTS: `${FEE_BASIS_POINTS}`, API_RATE_LIMIT_REFUSED: "10000000" },
      sandbox: { slowMs: LATE_MS },
    });
    const { url, sandbox } = deployment;
    this.#venue = {
      deployment,
      app: createClient(url),
      sandbox: createClient(sandbox.url),
      sums: new Map(),
      histories: 0,
    };
    return this.#venue;
  }

  async #leave(): Promise<void> {
    const venue = this.#venue;
    this.#venue = null;
    if (!venue) return;
    venue.app.close();
    venue.sandbox.close();
    await venue.deployment.stop();
  }
}
