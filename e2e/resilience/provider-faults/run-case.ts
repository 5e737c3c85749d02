import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { type Random, randomFrom } from "../random";
import { QUERYABLE, SIGNED } from "./dialects";
import { HOUR_MS, MINUTE_MS } from "./durations";
import { FORGED_KINDS, forge, GUESSED_ADDRESS } from "./forged-callbacks";
import type { MoneyDatabase } from "./money-database";
import { observe } from "./observe";
import { type CaseRun, countFault, type PaymentKind, wordsOf } from "./payment-kind";
import { type Booked, ProviderBook } from "./provider-book";
import { PROVIDERS } from "./provider-kinds";
import { nameOfDeadLetter, resolveAll } from "./resolve";
import { runConcurrently } from "./run-concurrently";
import type { PlannedCallback, Script } from "./script";

const WALLETS = 6;
const AT_ONCE = 12;
const JOB_TWICE_SHARE = 0.2;
/** Minutes after which deliveries that are due arrive, and jobs and sweeps run. */
const ROUNDS = [
  0.2, 0.8, 2, 4, 7, 12, 20, 35, 54, 62, 80, 150, 300, 600, 1_200, 1_600, 2_400, 3_200, 4_200, 5_400, 5_800,
];
const LAST_ROUND_MS = 7 * HOUR_MS;

export const forgedFault = (kind: string) => `forged: ${kind}`;
export const FORGED_FAULTS = [...FORGED_KINDS, GUESSED_ADDRESS].map(forgedFault);

/** Runs `size` payments from the request to what operators resolve. */
export async function runCase<S extends Script>(
  kind: PaymentKind<S>,
  database: MoneyDatabase,
  { random, caseName, size }: { random: Random; caseName: string; size: number },
): Promise<CaseRun<S>> {
  const scripts = Array.from({ length: size }, (_, index) => kind.draw(random, index, WALLETS));
  const seed = random.hex(8);
  const run = await begin(kind, database, { seed, chance: randomFrom(seed), caseName, scripts });
  const startedAt = nowOf(run);
  await requestAll(
    run,
    scripts.filter((script) => !kind.isDelayed?.(script)),
  );
  for (const minute of ROUNDS) {
    await database.clock.advance(Math.max(0, startedAt + minute * MINUTE_MS - nowOf(run)));
    await kind.interfere?.(run, minute);
    await runDue(run);
  }
  for (let left = kind.lastRounds; left > 0 && (await isBusy(run)); left -= run.due.length === 0 ? 1 : 0) {
    await database.clock.advance(LAST_ROUND_MS);
    await runDue(run);
  }
  await conclude(run);
  countFault(run, "doubled jobs", database.pump.counts.twice);
  countFault(run, "dead workers", database.pump.counts.died);
  for (const script of scripts) for (const fault of kind.faultsOf(script)) countFault(run, fault);
  return run;
}

async function begin<S extends Script>(
  kind: PaymentKind<S>,
  database: MoneyDatabase,
  given: Pick<CaseRun<S>, "seed" | "chance" | "caseName" | "scripts">,
): Promise<CaseRun<S>> {
  const book = new ProviderBook<S>({
    caseName: given.caseName,
    kind: kind.kind,
    nowMs: () => database.clock.now().getTime(),
    isLive: config().mode === "production",
    onCall: (outcome) => countFault(run, wordsOf(outcome)),
    onAccepted: (record) => scheduleCallbacks(run, record),
    onCallbackFirst: async (record) => {
      const [settled] = record.script.timeline;
      const [callback] = record.script.callbacks;
      if (settled) settled.at = 0;
      if (callback) await deliver(run, record, callback, 1);
    },
  });
  const run: CaseRun<S> = {
    ...given,
    kind,
    database,
    book,
    people: [],
    fundedMinor: 0n,
    due: [],
    earlier: new Set((await listDeadLetters(database.context())).map(nameOfDeadLetter)),
    sent: new Set(),
    violations: [],
    faults: {},
    counts: { deliveries: 0, resolved: 0 },
  };
  database.connect(book.providers);
  Object.assign(database.pump.counts, { done: 0, again: 0, died: 0, twice: 0 });
  for (let wallet = 0; wallet < WALLETS; wallet += 1) {
    const own = given.scripts.filter((script) => script.wallet === wallet);
    const funds = kind.needsFunds ? own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) : 0n;
    run.people.push(await database.createPerson(funds));
    run.fundedMinor += funds;
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
  const random = randomOf(run, script, "forgery");
  const at = nowOf(run) + random.int(0, 96 * HOUR_MS);
  due.push({ at, run: () => deliverForgery(run, record, random) });
  kind.schedule?.(run, record);
}

/** Random numbers about one script, whatever happens to others meanwhile. */
function randomOf({ seed }: { seed: string }, { index }: Script, what: string): Random {
  return randomFrom(`${seed}/${index}/${what}`);
}

/** Requests several at once. */
export function requestAll<S extends Script>(run: CaseRun<S>, scripts: readonly S[]): Promise<void> {
  return runConcurrently(scripts, AT_ONCE, (script) => request(run, script));
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
  const { database, chance, book } = run;
  countFault(run, "late responses", book.releaseLateResponses());
  const now = run.due.filter(({ at }) => at <= nowOf(run));
  run.due = run.due.filter(({ at }) => at > nowOf(run));
  await runConcurrently(chance.shuffle(now), AT_ONCE, (due) => due.run());
  await drainTwice(run);
  await database.sweep();
  await drainTwice(run);
}

/** Runs the jobs that are due, some of them in two workers at the same time. */
export function drainTwice<S extends Script>({ database, chance }: CaseRun<S>): Promise<void> {
  return database.pump.drain(() => chance.chance(JOB_TWICE_SHARE));
}

async function isBusy<S extends Script>({ due, database }: CaseRun<S>): Promise<boolean> {
  return due.length > 0 || (await database.pump.waiting()) > 0;
}

async function deliver<S extends Script>(
  run: CaseRun<S>,
  record: Booked<S>,
  callback: PlannedCallback,
  variant: number,
): Promise<void> {
  const { database, book, kind, sent, counts } = run;
  kind.beforeDelivery?.(record, callback, nowOf(run));
  const delivery = book.write(record, callback, variant);
  const provider = book.nameOf(record.script.provider);
  await receiveWebhook(database.context({ kind: "provider", name: provider }), { provider, ...delivery });
  counts.deliveries += 1;
  const { verify } = PROVIDERS[record.script.provider].dialect;
  sent.add(`${provider} ${verify(delivery.rawBody, delivery.headers, delivery.calledAt)?.eventKey}`);
}

/** Every kind of forged callback is used in turn; verification must refuse each. */
async function deliverForgery<S extends Script>(
  run: CaseRun<S>,
  record: Booked<S>,
  random: Random,
): Promise<void> {
  const { database, book, scripts, violations } = run;
  const { script, callbackUrl } = record;
  if (callbackUrl === "") return;
  const { dialect } = PROVIDERS[script.provider];
  const other = dialect === QUERYABLE ? SIGNED : QUERYABLE;
  const genuine = book.write(record, { status: "succeeded", about: "it", deliveries: [] }, 0);
  const content = { kind: run.kind.kind, status: "succeeded", reference: record.reference } as const;
  const paid = { amountMinor: script.amountMinor, currencyCode: "XOF", live: false, variant: 0 };
  const foreign = other.write({ ...content, ...paid, providerReference: `X${script.index}` }, callbackUrl);
  const isSigned = ({ provider }: Script) => PROVIDERS[provider].dialect.signature !== null;
  const turn = scripts.filter((other) => other.index < script.index && isSigned(other)).length;
  const { kind, delivery } = forge(random, turn, { dialect, genuine, foreign });
  const provider = book.nameOf(script.provider);
  try {
    await receiveWebhook(database.context({ kind: "anonymous" }), { provider, ...delivery });
    violations.push(`a forged callback (${script.provider}, ${kind}) was accepted`);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid_signature") throw error;
    countFault(run, forgedFault(kind));
  }
}

/** Checks what is open, resolves it as an operator, and checks again. */
async function conclude<S extends Script>(run: CaseRun<S>): Promise<void> {
  const { database, kind, violations } = run;
  const open = await observe(run);
  violations.push(...kind.check(run, open), ...(await database.audit()));
  violations.push(...(await resolveAll(run, open)));
  violations.push(...(kind.checkResolved?.(run, await observe(run)) ?? []));
  violations.push(...(await database.audit()).map((line) => `after the operator: ${line}`));
  violations.push(
    ...database.pump.failures.splice(0).map((failure) => `a job failed unexpectedly: ${failure}`),
  );
}
