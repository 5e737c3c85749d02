import { setTimeout as wait } from "node:timers/promises";
import { type Random, randomFrom } from "@/e2e/resilience/random";
import type { Sandbox } from "@/lib/sandbox/server";
import type { Client } from "../client";
import type { ExpectedOperation } from "../oracle";
import { payCollection } from "../pay-collection";
import { type Person, Requests } from "../requests";

const WRITERS = 10;
const THINK_MS_MAX = 25;
const RESUMES_WITHIN_MS = 60_000;
const PAYERS_LOOK_EVERY_MS = 100;
const KINDS = { transfer: 44, due: 14, list: 14, deposit: 14, withdrawal: 14 } as const;
const LIST_MAX = 8;
const MORE_THAN_ANYBODY_HAS = 90_000_000;
// Above every amount that makes the sandbox misbehave (lib/sandbox/scenarios.ts).
const ORDER_MIN = 3_000;
const ORDER_MAX = 6_000;

/** Concurrent writers, and the payers of their deposits. */
export class Load {
  readonly #writers: Requests[];
  readonly #stopping = new AbortController();
  readonly #paying: Promise<void>;
  // Each call of `resumes` begins an epoch: a request of that epoch has to succeed.
  #epoch = 0;
  #succeededEpoch = 0;

  /** Starts writers that send one request after another, which follow from `random`. */
  constructor(
    readonly client: Client,
    private readonly people: readonly Person[],
    /** Of a tontine that all of them are in. */
    private readonly dueIds: readonly string[],
    sandbox: Sandbox,
    random: Random,
  ) {
    this.#writers = Array.from({ length: WRITERS }, () => new Requests(client, randomFrom(random.hex(8))));
    const writing = Promise.all(this.#writers.map((writer) => this.#write(writer)));
    this.#paying = payUntil(writing, sandbox);
  }

  /** What must exist from now on. The sandbox pays every withdrawal of a load. */
  get expected(): ExpectedOperation[] {
    const all = this.#writers.flatMap(({ expected }) => expected);
    return all.map((one) => (one.type === "withdrawal" ? { ...one, state: "paid" } : one));
  }

  get refusals(): number {
    return this.#writers.reduce((sum, { refusals }) => sum + refusals, 0);
  }

  /** Resolves when the last request of each writer has a definite outcome. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#paying;
  }

  /** Waits until an operation requested from now on is acknowledged. False when none is within a minute. */
  async resumes(): Promise<boolean> {
    this.#epoch += 1;
    const wanted = this.#epoch;
    const deadline = performance.now() + RESUMES_WITHIN_MS;
    while (this.#succeededEpoch < wanted) {
      if (performance.now() > deadline) return false;
      await wait(5);
    }
    return true;
  }

  /** Sends one request of each writer again, as long after as the case lasted. */
  async replay(): Promise<void> {
    for (const writer of this.#writers) await writer.replay(1);
  }

  async #write(writer: Requests): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedIn = this.#epoch;
      if ((await sendAny(writer, this.people, this.dueIds)) !== null)
        this.#succeededEpoch = Math.max(this.#succeededEpoch, startedIn);
      await wait(writer.random.int(0, THINK_MS_MAX));
    }
  }
}

/** A random request; now and then for more money than anybody has. */
async function sendAny(
  writer: Requests,
  people: readonly Person[],
  dueIds: readonly string[],
): Promise<string | null> {
  const { random } = writer;
  const from = random.pick(people);
  const others = people.filter((person) => person !== from);
  const accepted = [200, "insufficient_funds"];
  const kind = random.weighted(KINDS);
  if (kind === "transfer" || kind === "list") {
    const isList = kind === "list";
    const parts = Array.from({ length: isList ? random.int(1, LIST_MAX) : 1 }, () => ({
      to: random.pick(others),
      amount: random.chance(0.02) ? MORE_THAN_ANYBODY_HAS : random.int(1, 900),
    }));
    return await writer.transfer(from, parts, { isList, accepted });
  }
  if (kind === "due") return await writer.payDue(from, random.pick(dueIds), random.int(1, 900), accepted);
  const amount = random.int(ORDER_MIN, ORDER_MAX);
  if (kind === "withdrawal") return await writer.order(kind, from, "XOF", { amount, accepted });
  // Its app may die before it could respond with the payment page, and its payer may have cancelled meanwhile.
  const lost =
    payerAction(amount) === "cancel" ? ["outcome_unknown", "provider_declined"] : ["outcome_unknown"];
  return await writer.order(kind, from, "XOF", { amount, accepted: [200, ...lost] });
}

/** What the payer of a deposit does on its payment page, decided by the amount: most pay. */
function payerAction(amount: number): "confirm" | "cancel" | "leave" {
  const share = amount % 20;
  if (share === 0) return "cancel";
  return share === 1 ? "leave" : "confirm";
}

/** Plays the payers of all collections, also of those whose client never got a response, until the writers are done. */
async function payUntil(done: Promise<unknown>, sandbox: Sandbox): Promise<void> {
  const seen = new Set<string>();
  let isDone = false;
  while (!isDone) {
    isDone = await Promise.race([done.then(() => true), wait(PAYERS_LOOK_EVERY_MS, false)]);
    for (const entry of sandbox.book.list("collection")) {
      const action = payerAction(entry.amount);
      if (seen.has(entry.id) || action === "leave") continue;
      seen.add(entry.id);
      if (entry.approval === null)
        await payCollection(sandbox, entry, action === "cancel" ? action : undefined);
    }
  }
}
