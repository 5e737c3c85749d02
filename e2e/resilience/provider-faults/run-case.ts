import { createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { type Random, randomFrom } from "../random";
import type { Case } from "../run-cases";
import type { MoneyDatabase } from "./money-database";
import { observe } from "./observe";
import type { CaseRun, PaymentKind } from "./payment-kind";
import { type Booked, ProviderBook } from "./provider-book";
import { resolveAll } from "./resolve";
import { HOUR_MS, MINUTE_MS, type PlannedCallback, type Script, wordsOf } from "./script";

const WALLETS = 6;
const JOB_TWICE_SHARE = 0.2;
/** Minutes after which deliveries that are due arrive, and jobs and sweeps run. */
const ROUNDS = [
  0.2, 0.8, 2, 4, 7, 12, 20, 35, 54, 62, 80, 150, 300, 600, 1_200, 1_600, 2_400, 3_200, 4_200, 5_400, 5_800,
];
const LAST_ROUND_MS = 7 * HOUR_MS;

/** Runs `size` payments from the request to what operators resolve. Returns violations, a sentence each. */
export async function runCase<S extends Script>(
  kind: PaymentKind<S>,
  database: MoneyDatabase,
  { number, random, tally, size }: Case & { size: number },
): Promise<string[]> {
  const scripts = Array.from({ length: size }, (_, index) => kind.draw(random, index, WALLETS));
  const run = await begin(kind, database, { number, seed: random.hex(8), tally, scripts });
  await Promise.all(scripts.map((script) => request(run, script)));
  for (const minute of ROUNDS) {
    await database.clock.advance(Math.max(0, run.startedAt + minute * MINUTE_MS - nowOf(run)));
    await kind.interfere?.(run, minute);
    await runDue(run);
  }
  for (let left = kind.lastRounds; left > 0 && (await isBusy(run)); left -= run.due.length === 0 ? 1 : 0) {
    await database.clock.advance(LAST_ROUND_MS);
    await runDue(run);
  }
  await conclude(run);
  for (const fault of scripts.flatMap((script) => kind.faultsOf(script))) tally.fault(fault);
  tally.count({ cases: 1, [kind.payments]: scripts.length, calls: run.book.counts.calls });
  return run.violations;
}

async function begin<S extends Script>(
  kind: PaymentKind<S>,
  database: MoneyDatabase,
  given: Pick<CaseRun<S>, "seed" | "tally" | "scripts"> & Pick<Case, "number">,
): Promise<CaseRun<S>> {
  const { number, seed, tally, scripts } = given;
  const nowMs = () => database.clock.now().getTime();
  const book = new ProviderBook<S>({
    caseName: `c${number}`,
    kind: kind.kind,
    nowMs,
    isLive: config().mode === "production",
    onCall: (outcome) => tally.fault(wordsOf(outcome)),
    onAccepted: (record) => scheduleCallbacks(run, record),
    onCallbackFirst: async (record) => {
      const [settled] = record.script.timeline;
      const [callback] = record.script.callbacks;
      if (settled) settled.at = 0;
      if (callback) await deliver(run, record, callback, 1);
    },
  });
  const run: CaseRun<S> = {
    ...{ kind, database, seed, tally, scripts, book, chance: randomFrom(seed) },
    ...{ people: [], startedAt: nowMs(), due: [], violations: [] },
  };
  overrideProviders(book.providers);
  for (let wallet = 0; wallet < WALLETS; wallet += 1) {
    const person = await createUser(database.db, { pin: TEST_PIN });
    const own = scripts.filter((script) => script.wallet === wallet);
    const funds = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    if (kind.needsFunds && funds > 0n) await fundWallet(database.db, person.walletId, money(funds, "XOF"));
    run.people.push(person);
  }
  return run;
}

const nowOf = ({ database }: { database: MoneyDatabase }) => database.clock.now().getTime();

/** Requests the payment of a script, and schedules a forged callback about it. */
export async function request<S extends Script>(run: CaseRun<S>, script: S): Promise<void> {
  const { book, kind, people, due } = run;
  const person = people[script.wallet];
  if (!person) throw new Error("a payment has its person");
  const record = await book.request(script, () => kind.request(run, script, person));
  const at = nowOf(run) + randomOf(run, script, "forged callback").int(0, 96 * HOUR_MS);
  due.push({ at, run: () => deliverForged(run, record) });
  kind.schedule?.(run, record);
}

/** Random numbers about one script, whatever happens to others meanwhile. */
function randomOf({ seed }: { seed: string }, { index }: Script, what: string): Random {
  return randomFrom(`${seed}/${index}/${what}`);
}

function scheduleCallbacks<S extends Script>(run: CaseRun<S>, record: Booked<S>): void {
  const random = randomOf(run, record.script, "callbacks");
  for (const callback of record.script.callbacks) {
    for (const after of callback.deliveries) {
      const variant = random.int(1, 3);
      run.due.push({ at: nowOf(run) + after, run: () => deliver(run, record, callback, variant) });
    }
  }
}

async function runDue<S extends Script>(run: CaseRun<S>): Promise<void> {
  const { database, chance, book, tally } = run;
  tally.fault("late responses", book.releaseLateResponses());
  const now = run.due.filter(({ at }) => at <= nowOf(run));
  run.due = run.due.filter(({ at }) => at > nowOf(run));
  await Promise.all(chance.shuffle(now).map((due) => due.run()));
  await drainTwice(run);
  await database.sweep();
  await drainTwice(run);
}

/** Runs the jobs that are due, some of them in two workers at the same time. */
function drainTwice<S extends Script>({ database, chance }: CaseRun<S>): Promise<void> {
  return database.queue.drain(() => chance.chance(JOB_TWICE_SHARE));
}

async function isBusy<S extends Script>({ due, database }: CaseRun<S>): Promise<boolean> {
  return due.length > 0 || (await database.queue.waiting()) > 0;
}

async function deliver<S extends Script>(
  { database, book, tally }: CaseRun<S>,
  record: Booked<S>,
  callback: PlannedCallback,
  variant: number,
): Promise<void> {
  const { provider } = record.script;
  const delivery = book.write(record, callback, variant);
  await receiveWebhook(database.context({ kind: "provider", name: provider }), { provider, ...delivery });
  tally.count({ callbacks: 1 });
}

/** Every adapter's own tests show which callbacks it refuses (e2e/support/webhook-contract.ts). */
async function deliverForged<S extends Script>(run: CaseRun<S>, record: Booked<S>): Promise<void> {
  const { database, book, violations, tally } = run;
  const { provider } = record.script;
  const delivery = book.write(record, { status: "succeeded", about: "it", deliveries: [] }, 0, "forged");
  try {
    await receiveWebhook(database.context({ kind: "anonymous" }), { provider, ...delivery });
    violations.push(`a forged callback (${provider}) was accepted`);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid_signature") throw error;
    tally.fault("forged callbacks");
  }
}

/** Checks what is open, resolves it as an operator, and checks again. */
async function conclude<S extends Script>(run: CaseRun<S>): Promise<void> {
  const { database, kind, violations, tally } = run;
  const { failures, counts } = database.queue;
  const open = await observe(run);
  violations.push(...kind.check(run, open), ...(await database.audit()));
  violations.push(...(await resolveAll(run, open)));
  const waiting = await database.queue.waiting();
  if (waiting > 0) violations.push(`${waiting} jobs never ended`);
  violations.push(...(kind.checkResolved?.(await observe(run)) ?? []));
  violations.push(...(await database.audit()).map((line) => `after the operator: ${line}`));
  violations.push(...failures.splice(0).map((failure) => `a job failed unexpectedly: ${failure}`));
  tally.count({ jobs: counts.jobs });
  tally.fault("doubled jobs", counts.twice);
  tally.fault("dead workers", counts.died);
  Object.assign(counts, { jobs: 0, twice: 0, died: 0 });
}
