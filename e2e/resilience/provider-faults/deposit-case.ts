import type { TestUser } from "@/e2e/support/people";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { startDeposit } from "@/lib/services/deposits/start-deposit";
import { getOperation } from "@/lib/services/operations/get-operation";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { type Random, randomFrom } from "../random";
import { checkDeposits } from "./check-deposits";
import { CollectionsBook } from "./collections-book";
import { resolveDeposits } from "./deposit-operator";
import { type DepositScript, drawDeposit, HOUR_MS, MINUTE_MS } from "./deposit-script";
import { type Delivery, DIALECTS, type DialectName } from "./dialects";
import { type ForgedCallback, forge } from "./forged-callbacks";
import { type MoneyDatabase, sumAccounts } from "./money-database";
import { observeDeposits } from "./observe-deposits";
import { runConcurrently } from "./run-concurrently";

const WALLETS = 6;
const AT_ONCE = 12;
/** Minutes after which deliveries that are due arrive, and jobs and sweeps run. */
const ROUNDS = [1, 3, 10, 30, 54, 62, 80, 150, 300, 600, 1_200, 1_600, 2_400, 3_200, 4_200, 5_400, 5_770];
/** Rounds for retries, after the last delivery. */
const LAST_ROUNDS_MAX = 20;

export interface DepositCaseResult {
  violations: string[];
  scripts: DepositScript[];
  counts: { deliveries: number; returns: number };
  /** How often each kind of forged callback was sent. */
  forged: Map<ForgedCallback["kind"], number>;
}

interface CaseRun {
  database: MoneyDatabase;
  random: Random;
  book: CollectionsBook;
  people: TestUser[];
  elapsedMs(): number;
  references: Map<number, string>;
  sent: Set<string>;
  acceptedForgeries: string[];
  forged: DepositCaseResult["forged"];
  counts: DepositCaseResult["counts"];
}

interface Due {
  at: number;
  run(): Promise<void>;
}

/** Runs `size` deposits from the first request to the last callback. Returns the violations. */
export async function runDepositCase(
  database: MoneyDatabase,
  random: Random,
  caseName: string,
  size: number,
): Promise<DepositCaseResult> {
  const scripts = Array.from({ length: size }, (_, index) => drawDeposit(random, index, WALLETS));
  const startedAt = database.clock.now().getTime();
  const elapsedMs = () => database.clock.now().getTime() - startedAt;
  const isLive = config().mode === "production";
  const book = new CollectionsBook({ caseName, scripts, elapsedMs, isLive });
  database.connect(book.providers);
  const people: TestUser[] = [];
  for (let count = 0; count < WALLETS; count += 1) people.push(await database.createPerson());
  const counts = { deliveries: 0, returns: 0 };
  const run: CaseRun = {
    database,
    random,
    book,
    people,
    elapsedMs,
    references: new Map(),
    sent: new Set(),
    acceptedForgeries: [],
    forged: new Map(),
    counts,
  };
  await runConcurrently(scripts, AT_ONCE, (script) => start(run, script));
  await runRounds(run, scripts);
  const violations = await conclude(run, scripts, caseName);
  return { violations, scripts, counts, forged: run.forged };
}

async function start({ database, book, people, references }: CaseRun, script: DepositScript): Promise<void> {
  const person = people[script.wallet];
  if (!person) throw new Error("a deposit has its person");
  const { method, phone, country } = DIALECTS[script.dialect];
  const order = {
    amount: script.amountMinor.toString(),
    phone,
    method,
    currency: "XOF" as const,
    key: newKey(),
  };
  const links = {
    returnUrl: () => "http://localhost:3000/back",
    locale: "fr" as const,
    defaultCountry: country,
  };
  const reference = await book.run(script, async () => {
    try {
      return (await startDeposit(database.context(person.context.actor), order, links)).reference;
    } catch (error) {
      if (error instanceof DomainError && script.fate === "refusedAtOnce")
        return `${error.details?.reference}`;
      throw error;
    }
  });
  references.set(script.index, reference);
}

/** Schedules everything by its time; each round runs concurrently what is due by then. */
async function runRounds(run: CaseRun, scripts: readonly DepositScript[]): Promise<void> {
  const { database, random } = run;
  // A random stream of its own, since the number of jobs isn't deterministic.
  const chance = randomFrom(random.hex(8));
  // Every kind of forged callback is used in turn.
  const turns = scripts.filter(({ dialect, fate }) => dialect !== "unsigned" && fate !== "refusedAtOnce");
  let waiting = scripts.flatMap((script) => scheduleOf(run, script, turns.indexOf(script)));
  for (const minute of ROUNDS) {
    const untilMs = minute * MINUTE_MS;
    await database.clock.advance(Math.max(0, untilMs - run.elapsedMs()));
    const due = random.shuffle(waiting.filter(({ at }) => at <= untilMs));
    waiting = waiting.filter(({ at }) => at > untilMs);
    await runConcurrently(due, AT_ONCE, ({ run }) => run());
    await runJobs(database, chance);
  }
  for (let round = 0; round < LAST_ROUNDS_MAX && (await database.pump.waiting()) > 0; round += 1) {
    await database.clock.advance(7 * HOUR_MS);
    await runJobs(database, chance);
  }
}

async function runJobs(database: MoneyDatabase, random: Random): Promise<void> {
  await database.pump.drain(() => random.chance(0.15));
  await database.sweep();
  await database.pump.drain();
}

function scheduleOf(run: CaseRun, script: DepositScript, turn: number): Due[] {
  const { random } = run;
  const deliveries = script.events.flatMap((event) =>
    event.deliveries.map((at): Due => {
      const variant = random.int(1, event.variants);
      return {
        at,
        run: () => deliver(run, script, (collection) => run.book.write(collection, event, variant)),
      };
    }),
  );
  const returns = script.returns.map((at): Due => ({ at, run: () => returnFromPayment(run, script) }));
  const hand = randomFrom(random.hex(8));
  const forged: Due = {
    at: random.int(0, 96 * HOUR_MS),
    run: () => deliverForgery(run, script, { hand, turn }),
  };
  return [...deliveries, ...returns, forged];
}

async function deliver(
  run: CaseRun,
  script: DepositScript,
  write: (collection: NonNullable<ReturnType<CollectionsBook["find"]>>) => Delivery,
): Promise<void> {
  const { database, book, sent, counts } = run;
  const collection = book.find(script);
  if (!collection) throw new Error("a callback needs a collection at the provider");
  const delivery = write(collection);
  const provider = book.nameOf(script.dialect);
  await receiveWebhook(database.context({ kind: "provider", name: provider }), { provider, ...delivery });
  counts.deliveries += 1;
  const { eventKey } =
    DIALECTS[script.dialect].verify(delivery.rawBody, delivery.headers, delivery.calledAt) ?? {};
  sent.add(`${provider} ${eventKey}`);
}

async function returnFromPayment(
  { database, references, people, counts }: CaseRun,
  script: DepositScript,
): Promise<void> {
  const person = people[script.wallet];
  const reference = references.get(script.index);
  if (!person || reference === undefined) return;
  const context = database.context(person.context.actor);
  await requestDepositCheck(context, await getOperation(context, reference));
  counts.returns += 1;
}

async function deliverForgery(
  run: CaseRun,
  script: DepositScript,
  { hand, turn }: { hand: Random; turn: number },
): Promise<void> {
  const { database, book, forged } = run;
  const collection = book.find(script);
  if (!collection) return;
  const event = {
    status: "succeeded",
    isOwnPayment: true,
    reference: "own",
    variants: 1,
    deliveries: [],
  } as const;
  const genuine = book.write(collection, { ...event, deliveries: [] }, 0);
  const other: DialectName = script.dialect === "queryable" ? "signed" : "queryable";
  const content = {
    kind: "collection",
    status: "succeeded",
    reference: collection.reference,
    providerReference: collection.providerReference,
  } as const;
  const foreign = DIALECTS[other].write(
    { ...content, amountMinor: script.amountMinor, currencyCode: "XOF", live: false, variant: 0 },
    collection.callbackUrl,
  );
  const { kind, delivery } = forge(hand, turn, script.dialect, { genuine, foreign });
  const provider = book.nameOf(script.dialect);
  try {
    await receiveWebhook(database.context({ kind: "anonymous" }), { provider, ...delivery });
    run.acceptedForgeries.push(`${script.dialect}, ${kind}`);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid_signature") throw error;
    forged.set(kind, (forged.get(kind) ?? 0) + 1);
  }
}

async function conclude(
  run: CaseRun,
  scripts: readonly DepositScript[],
  caseName: string,
): Promise<string[]> {
  const { database, book, references, people, sent, acceptedForgeries } = run;
  const requested = scripts.map((script) => ({
    script,
    reference: references.get(script.index) ?? "",
  }));
  const observed = await observeDeposits(database, book, requested, caseName);
  const walletsMinor = await sumAccounts(database, people, "available");
  const violations = checkDeposits({ ...observed, walletsMinor, acceptedForgeries, sentEvents: sent.size });
  violations.push(...(await database.audit()), ...(await resolveDeposits(database, requested, caseName)));
  violations.push(
    ...database.pump.failures.splice(0).map((failure) => `a job failed unexpectedly: ${failure}`),
  );
  const waiting = await database.pump.waiting();
  if (waiting > 0) violations.push(`${waiting} jobs never ended`);
  return violations;
}
