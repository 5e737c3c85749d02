import path from "node:path";
import { log } from "@/lib/log";
import { act, actAll, type Stage } from "./act";
import { FEE_BASIS_POINTS } from "./act-providers";
import { openVaultPage } from "./act-vaults";
import { decideOpenOnes, repeatWebhooks } from "./final-state";
import { Chronicle, FAULTS } from "./history-log";
import { type Client, createClient } from "./client";
import { drawHistory } from "./draw-history";
import { createPeople } from "./people";
import { type HistoryPlan, MANAGER } from "./plan";
import { type Scenes, scenesOf } from "./scenes";
import { settleHistory } from "./settle";
import { judge, readKeys } from "./oracle";
import { type ProofHouse, startProofHouse } from "../deployment";
import type { Part, PartPlan, PartResult } from "../scenario";

const SLICE_LEAST = 3;
/** A house is left for a new one after so many histories: the audit reads the whole ledger each time. */
const HISTORIES_A_HOUSE = 400;
/** Longer than any answer of the sandbox's that comes late. */
const LATE_MS = 300;

/** Seeded histories of 16 callers at once, each audited and compared with what its callers were told. */
export const histories: Part = {
  name: "histories",
  promise: "every answer is true, every balance is what was acknowledged, after each random history",
  share: 5,
  run: async (plan) => await new Run(plan).all(),
};

/** One house and what its histories have moved so far. */
interface Venue {
  house: ProofHouse;
  app: Client;
  sandbox: Client;
  /** What has passed each clearing account. */
  sums: Map<string, bigint>;
  histories: number;
}

/** Waits for every end, and answers what each reference was meant to become. */
async function settle(stage: Stage): Promise<Scenes> {
  const { chronicle, people, house } = stage;
  const scenes = scenesOf(chronicle, people, await readKeys(house, people));
  for (const open of await settleHistory(stage, scenes)) chronicle.breach(`never ended: ${open}`);
  return scenes;
}

class Run {
  readonly result: PartResult = { counts: {}, faults: {}, breaches: [] };
  #venue: Venue | null = null;
  #houses = 0;
  readonly #auditsMs: number[] = [];

  constructor(readonly plan: PartPlan) {
    this.result.faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));
  }

  async all(): Promise<PartResult> {
    const { plan, result } = this;
    const { level } = log;
    // What the operator's verbs say in this process is no news here.
    log.level = "silent";
    try {
      for (const number of plan.cases({ least: plan.isSlice ? SLICE_LEAST : 1 })) {
        await this.#history(number, drawHistory(plan.random(number)));
        plan.say(`histories: ${result.counts.histories}, ${result.breaches.length} breaches`);
      }
    } finally {
      log.level = level;
      await this.#leave();
    }
    const sorted = [...this.#auditsMs].sort((one, other) => one - other);
    this.#count("houses", this.#houses);
    this.#count("ms an audit at most", Math.round(sorted.at(-1) ?? 0));
    return result;
  }

  async #history(number: number, drawn: HistoryPlan): Promise<void> {
    const venue = await this.#enter();
    const { house, app, sandbox, sums } = venue;
    const chronicle = new Chronicle();
    const people = await createPeople(house, drawn.people, `case-${number}-${venue.histories}`);
    const stage: Stage = { house, app, sandbox, people, chronicle };
    await this.#open(stage, drawn);
    await actAll(stage, drawn.operations);
    // So that the key was used after its revocation whatever the workers' order.
    await act(stage, { kind: "balance", who: MANAGER, currency: "XOF", contested: true });
    const scenes = await settle(stage);
    await repeatWebhooks(stage, drawn.repeats);
    await decideOpenOnes(stage, scenes);
    await judge(stage, await settle(stage), sums);
    const auditedAt = performance.now();
    for (const breach of await house.audit()) chronicle.breach(`audit: ${breach}`);
    this.#auditsMs.push(performance.now() - auditedAt);
    venue.histories += 1;
    this.#keep(number, chronicle, drawn);
  }

  /** Money for everybody, and the saver's page before anything happens. */
  async #open(stage: Stage, { opening }: HistoryPlan): Promise<void> {
    await Promise.all(opening.deposits.map((deposit) => act(stage, deposit)));
    const funders = new Set([...stage.chronicle.acknowledged.values()].map(({ reference }) => reference));
    const isCredited = async (): Promise<boolean> => {
      const [row] = await stage.house.owner<{ count: number }[]>`select count(*)::int as count from operations
        where reference = any (${[...funders]}) and state = 'succeeded'`;
      return row?.count === opening.deposits.length;
    };
    if (!(await stage.house.settle(isCredited, 60_000)))
      stage.chronicle.breach("the opening deposits weren't credited");
    await Promise.all(opening.lists.map((list) => act(stage, list)));
    await openVaultPage(stage, opening.saving);
  }

  #keep(number: number, { breaches, faults, requests, reads, walks }: Chronicle, drawn: HistoryPlan): void {
    for (const what of breaches) this.result.breaches.push({ case: number, what });
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
    this.#houses += 1;
    const house = await startProofHouse({
      home: path.join(this.plan.home, `house-${this.#houses}`),
      pages: true,
      // Nobody is told to slow down.
      env: { WITHDRAWAL_FEE_BASIS_POINTS: `${FEE_BASIS_POINTS}`, API_RATE_LIMIT_REFUSED: "10000000" },
      sandbox: { slowMs: LATE_MS },
    });
    const { url, sandbox } = house;
    this.#venue = {
      house,
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
    await venue.house.stop();
  }
}
