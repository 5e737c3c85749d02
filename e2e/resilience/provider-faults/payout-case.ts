import { TEST_PIN, type TestUser } from "@/e2e/support/people";
import { config } from "@/lib/config";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { type Random, randomFrom } from "../random";
import type { MoneyDatabase } from "./money-database";
import { resolvePayouts } from "./payout-operator";
import { type BookedPayout, payoutStatusAt } from "./payout-record";
import { drawPayouts, PAYOUT_PROVIDERS, type PayoutScript, plainPayout } from "./payout-script";
import { createSwitch, type PayoutSwitch } from "./payout-switch";
import { PayoutsBook } from "./payouts-book";
import { runConcurrently } from "./run-concurrently";

const WALLETS = 6;
const AT_ONCE = 12;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Minutes after which deliveries that are due arrive, and jobs and sweeps run. */
const ROUNDS = [0.2, 0.8, 2, 4, 7, 12, 20, 35, 66, 130, 260, 500, 900, 1_500, 2_000, 3_000, 4_500, 5_800];
const ROUND_OF_THE_SWITCH = 2;
/** When refunds are spent, before a provider reports them as paid after all. */
const ROUND_OF_SPENDING = 6;
/** Rounds for retries, after the last delivery: an event that contradicts the books waits for a day. */
const IDLE_ROUNDS = 5;

export interface PayoutCaseResult {
  violations: string[];
  scripts: PayoutScript[];
  book: PayoutsBook;
  counts: {
    deliveries: number;
    zombies: number;
    stops: number;
    conflicts: number;
    resolved: number;
    spent: number;
  };
}

interface Due {
  at: number;
  run(): Promise<void>;
}

interface CaseRun {
  database: MoneyDatabase;
  /** A random stream of its own, since the number of callbacks and jobs isn't deterministic. */
  chance: Random;
  book: PayoutsBook;
  people: TestUser[];
  scripts: PayoutScript[];
  due: Due[];
  fundedMinor: bigint;
  counts: PayoutCaseResult["counts"];
}

/** Runs `size` withdrawals to their end, including what operators resolve. Returns the violations. */
export async function runPayoutCase(
  database: MoneyDatabase,
  random: Random,
  caseName: string,
  size: number,
): Promise<PayoutCaseResult> {
  const run = await begin(database, random, caseName, size);
  const { book, scripts, counts } = run;
  const payoutSwitch = createSwitch(database, book, random);
  const early = scripts.filter(({ index }) => index % 4 !== 3);
  const late = scripts.filter(({ index }) => index % 4 === 3);
  await runConcurrently(early, AT_ONCE, (script) => request(run, script));
  const startedAt = database.clock.now().getTime();
  for (const [round, minute] of ROUNDS.entries()) {
    await database.clock.advance(
      Math.max(0, startedAt + minute * MINUTE_MS - database.clock.now().getTime()),
    );
    if (round === ROUND_OF_THE_SWITCH) await stopInTheMiddle(run, payoutSwitch, late);
    if (round === ROUND_OF_THE_SWITCH + 2) await payoutSwitch.resume();
    if (round === ROUND_OF_SPENDING) await spendRefunds(run);
    await runJobs(run);
  }
  for (let idle = 0; idle < IDLE_ROUNDS; idle += run.due.length === 0 ? 1 : 0) {
    await database.clock.advance(7 * HOUR_MS);
    await runJobs(run);
  }
  const violations = await resolvePayouts(database, book, run);
  violations.push(...payoutSwitch.violations);
  violations.push(
    ...database.pump.failures.splice(0).map((failure) => `a job failed unexpectedly: ${failure}`),
  );
  counts.stops = payoutSwitch.stops();
  return { violations, scripts, book, counts };
}

async function begin(
  database: MoneyDatabase,
  random: Random,
  caseName: string,
  size: number,
): Promise<CaseRun> {
  const scripts = drawPayouts(random, size, WALLETS);
  const counts = { deliveries: 0, zombies: 0, stops: 0, conflicts: 0, resolved: 0, spent: 0 };
  const book = new PayoutsBook(caseName, {
    nowMs: () => database.clock.now().getTime(),
    isLive: config().mode === "production",
    onAccepted: (payout) => void run.due.push(...scheduleOf(run, payout)),
    onCallbackFirst: async (payout) => {
      payout.script.settlesAfterMs = 0;
      if (PAYOUT_PROVIDERS[payout.script.payoutProvider].sendsCallbacks) await deliver(run, payout, 0, 0);
    },
  });
  const run: CaseRun = {
    database,
    chance: randomFrom(random.hex(8)),
    book,
    people: [],
    scripts,
    due: [],
    fundedMinor: 0n,
    counts,
  };
  database.connect(book.providers);
  for (let wallet = 0; wallet < WALLETS; wallet += 1) {
    const funds = scripts
      .filter((script) => script.wallet === wallet)
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    run.people.push(await database.createPerson(funds));
    run.fundedMinor += funds;
  }
  return run;
}

async function request({ database, book, people }: CaseRun, script: PayoutScript): Promise<void> {
  const person = people[script.wallet];
  if (!person) throw new Error("a withdrawal has its person");
  const { phone, method, country } = PAYOUT_PROVIDERS[script.payoutProvider];
  const context = database.context(person.context.actor);
  const order = { amount: script.amountMinor.toString(), phone, method, currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(context, order, country);
  const { reference } = await requestWithdrawal(context, { quoteId, pin: TEST_PIN });
  book.register(script, reference);
}

/** Stops payouts while jobs are running, and requests more withdrawals meanwhile. */
async function stopInTheMiddle(
  run: CaseRun,
  payoutSwitch: PayoutSwitch,
  late: readonly PayoutScript[],
): Promise<void> {
  const { database, chance } = run;
  const stopping = payoutSwitch.stop();
  await Promise.all([
    database.pump.drain(() => chance.chance(0.2)),
    runConcurrently(late, AT_ONCE, (script) => request(run, script)),
  ]);
  // A submission of a dead worker counts as abandoned after half a minute.
  await database.clock.advance(31_000);
  await stopping;
}

/** Half of the people withdraw everything that was refunded to them. */
async function spendRefunds(run: CaseRun): Promise<void> {
  const { database, people, scripts, counts } = run;
  for (const [wallet, person] of people.entries()) {
    if (wallet % 2 === 1) continue;
    const { balances } = await getWallet(database.context(person.context.actor));
    const left = balances.find(({ currency }) => currency === "XOF")?.available.amountMinor ?? 0n;
    if (left === 0n) continue;
    const script = plainPayout(scripts.length, wallet, left);
    scripts.push(script);
    await request(run, script);
    counts.spent += 1;
  }
}

async function runJobs(run: CaseRun): Promise<void> {
  const { database, chance, book, counts } = run;
  counts.zombies += book.releaseZombies();
  await deliverDue(run);
  await database.pump.drain(() => chance.chance(0.2));
  await database.sweep();
  await database.pump.drain(() => chance.chance(0.2));
}

async function deliverDue(run: CaseRun): Promise<void> {
  const nowMs = run.database.clock.now().getTime();
  const now = run.due.filter(({ at }) => at <= nowMs);
  run.due = run.due.filter(({ at }) => at > nowMs);
  await runConcurrently(run.chance.shuffle(now), AT_ONCE, ({ run }) => run());
}

function scheduleOf(run: CaseRun, payout: BookedPayout): Due[] {
  const { script, accepted } = payout;
  const [first] = accepted;
  if (!first || !PAYOUT_PROVIDERS[script.payoutProvider].sendsCallbacks) return [];
  const settledAt = first.at + script.settlesAfterMs;
  const ends = [settledAt, settledAt + script.flipsAfterMs];
  return script.deliveries.flatMap((offsets, end) =>
    offsets.map((offset, variant) => ({
      at: (ends[end] ?? 0) + offset,
      run: () => deliver(run, payout, end, variant),
    })),
  );
}

/** Delivers the callback about the first or the second end of a payout. */
async function deliver(run: CaseRun, payout: BookedPayout, end: number, variant: number): Promise<void> {
  const { database, book, counts } = run;
  const { script } = payout;
  const endsAt = script.settlesAfterMs + (end === 0 ? 0 : script.flipsAfterMs);
  const status = payoutStatusAt(script, 0, endsAt);
  if (status === "pending") throw new Error("a callback is about an end");
  const provider = book.nameOf(script.payoutProvider);
  const isSignedNo = PAYOUT_PROVIDERS[script.payoutProvider].dialect === "signed" && status !== "succeeded";
  if (isSignedNo) payout.refusedAt.push(database.clock.now().getTime());
  await receiveWebhook(database.context({ kind: "provider", name: provider }), {
    provider,
    ...book.write(payout, status, variant),
  });
  counts.deliveries += 1;
}
